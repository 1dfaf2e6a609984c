{#
  What a key figure comes to: its numerator, by its denominator where it `is_ratio`; of a period without rows, nothing.

  Example: {{ kpi_value('counted', 'cells.is_ratio') }} as value
#}
{% macro kpi_value(counted, is_ratio) -%}
case
            when {{ is_ratio }}
                then cast(coalesce({{ counted }}.numerator, 0) as double) / nullif(cast({{ counted }}.denominator as double), 0)
            else cast(coalesce({{ counted }}.numerator, 0) as double)
        end
{%- endmacro %}
