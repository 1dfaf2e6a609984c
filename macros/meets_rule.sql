{#
  Whether a figure of a rule's item meets the rule: by the measure that the rule names, of those that are counted of the figure, on the
  evidence that it asks for and as many times as it does; without a measure, by being there.

  Why: figures that meet no rule are left out where they are counted, of which there would be far too many.
  Example: inner join {{ ref('int_tag_ways') }} as ways on told.item = ways.item and {{ meets_rule('told', 'ways', ['amount', 'share']) }}
#}
{% macro meets_rule(figures, rules, measures) -%}
{%- set measured -%}
case {{ rules }}.measure {%- for measure in measures %} when '{{ measure }}' then cast({{ figures }}.{{ measure }} as double) {%- endfor %} end
{%- endset -%}
{{ figures }}.evidence_count >= {{ rules }}.least_evidence
        and ({{ rules }}.least_amount is null or {{ figures }}.amount >= {{ rules }}.least_amount)
        and (
            {{ rules }}.measure is null
            or ({{ rules }}.comparison = 'at_least' and {{ measured }} >= {{ rules }}.threshold)
            or ({{ rules }}.comparison = 'at_most' and {{ measured }} <= {{ rules }}.threshold)
        )
{%- endmacro %}
