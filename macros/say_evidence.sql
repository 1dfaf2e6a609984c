{#
  The sentence of a rule of tag_rules with the numbers of a tag: {percent}, {index}, {amount} and {evidence}.

  Example: {{ say_evidence('rules.evidence_en', 'numbers') }}   'In {percent} % of {evidence} purchases' -> 'In 75 % of 4 purchases'
#}
{% macro say_evidence(sentence, tags) -%}
{%- set said = namespace(sql=sentence) -%}
{%- for word, number in [
    ('{percent}', round_half_up('coalesce(' ~ tags ~ '.share, 0) * 100', 0)),
    ('{index}', round_half_up(tags ~ '.index_value', 1)),
    ('{amount}', round_half_up('cast(' ~ tags ~ '.amount as double)', 0)),
    ('{evidence}', tags ~ '.evidence_count')
] -%}
{%- set said.sql = 'replace(' ~ said.sql ~ ", '" ~ word ~ "', coalesce(cast(" ~ number ~ " as string), ''))" -%}
{%- endfor -%}
{{ said.sql }}
{%- endmacro %}
