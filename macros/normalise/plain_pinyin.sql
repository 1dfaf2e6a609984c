{#
  Words in which the syllables of ü are written with u where they begin a word. A keyboard has v for ü
  and passports write yu, so that 吕 is Lv, Lyu or Lu; within a word, lv may be English (Calvin).

  Example: {{ plain_pinyin('name') }}   'lv wei' -> 'lu wei', 'nyu' -> 'nu'
#}
{% macro plain_pinyin(text) -%}
{%- set initials = namespace(sql="' ' || " ~ text) -%}
{%- for initial in ['l', 'n'] -%}
    {%- set initials.sql = regex_replace_all(initials.sql, ' ' ~ initial ~ '(?:v|yu)', ' ' ~ initial ~ 'u') -%}
{%- endfor -%}
{{ trimmed(initials.sql) }}
{%- endmacro %}
