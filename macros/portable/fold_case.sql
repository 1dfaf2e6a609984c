{#
  A text with its ASCII letters in one case, so that the same address or number is equal to itself.
  Why: `lower` and `upper` differ between engines where the other case of a letter is several letters.
  Example: {{ upper_ascii('member_number') }}   'm001ß' -> 'M001ß'
#}
{% macro upper_ascii(text) -%}
translate({{ text }}, 'abcdefghijklmnopqrstuvwxyz', 'ABCDEFGHIJKLMNOPQRSTUVWXYZ')
{%- endmacro %}

{% macro lower_ascii(text) -%}
translate({{ text }}, 'ABCDEFGHIJKLMNOPQRSTUVWXYZ', 'abcdefghijklmnopqrstuvwxyz')
{%- endmacro %}
