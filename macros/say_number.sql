{#
  A sentence with its number: '{value}' replaced by the value with one decimal, '{days}' by whole days,
  '{count}' by a whole number,
  '{percent}' by a share in whole per cent.

  Why: decimal, since doubles become text differently on every engine.
  Example: {{ say_number('reason_en', 'signal_value') }}   'Silent for {value} times …' -> 'Silent for 2.5 times …'
#}
{% macro say_number(sentence, value) -%}
{%- set whole = 'cast(' ~ round_half_up(value, 0) ~ ' as string)' -%}
replace(
    replace(
        replace(
            replace({{ sentence }}, '{value}', cast({{ round_half_up(value, 1) }} as string)),
            '{days}',
            {{ whole }}
        ),
        '{count}',
        {{ whole }}
    ),
    '{percent}',
    cast({{ round_half_up(value ~ ' * 100', 0) }} as string)
)
{%- endmacro %}
