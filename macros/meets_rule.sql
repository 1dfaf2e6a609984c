{#
  Whether a figure meets a rule of the seed tag_rules: by the measure that the rule names, on the evidence that it asks for; without a
  measure, by being there.

  Why: figures that meet no rule are left out where they are counted, of which there would be far too many, and tags are made of the rest.
  Example: inner join {{ ref('tag_rules') }} as rules on {{ meets_rule('figures', 'rules') }}
#}
{% macro meets_rule(figures, rules) -%}
{{ figures }}.figure = {{ rules }}.figure
        and ({{ figures }}.item = {{ rules }}.item or {{ rules }}.item is null)
        and {{ figures }}.evidence_count >= {{ rules }}.least_evidence
        and (
            {{ rules }}.measure is null
            {%- for measure in ['amount', 'share', 'index_value', 'index_low', 'index_high'] %}
            or ({{ rules }}.measure = '{{ measure }}' and {{ rules }}.comparison = 'at_least' and {{ figures }}.{{ measure }} >= {{ rules }}.threshold)
            or ({{ rules }}.measure = '{{ measure }}' and {{ rules }}.comparison = 'at_most' and {{ figures }}.{{ measure }} <= {{ rules }}.threshold)
            {%- endfor %}
        )
{%- endmacro %}
