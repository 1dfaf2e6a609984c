{#
  A sentence of `say_number` as it is said of many: '…' stands for whichever number each of them has.

  Why: whoever counts reasons needs one name for what is said with another number of everybody.
  Example: {{ say_any_number('reason_en') }}   'Silent for {value} times the usual gap' -> 'Silent for … times the usual gap'
#}
{% macro say_any_number(sentence) -%}
replace(replace(replace(replace({{ sentence }}, '{value}', '…'), '{days}', '…'), '{count}', '…'), '{percent}', '…')
{%- endmacro %}
