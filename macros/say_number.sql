{#
  A sentence with its number: '{value}' replaced by the value with one decimal, '{percent}' by a share
  in whole per cent.

  Why: decimal, since doubles become text differently on every engine.
  Example: {{ say_number('reason_en', 'signal_value') }}   'Silent for {value} times …' -> 'Silent for 2.5 times …'
#}
{% macro say_number(sentence, value) -%}
replace(
    replace({{ sentence }}, '{value}', cast(cast({{ value }} as decimal(18,1)) as string)),
    '{percent}',
    cast(cast({{ value }} * 100 as decimal(18,0)) as string)
)
{%- endmacro %}
