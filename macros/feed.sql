{#
  What the source's YAML declares of a feed: `meta` of the source, overlaid with that of the table.
  The lander reads the same YAML; staging takes time zones, formats and signs from here.

  A unit test sees no YAML, so that nothing is declared there but what it puts in the place of this
  macro: `overrides: {macros: {feed: {time_zone: Asia/Shanghai}}}`.
  Example: {%- set feed = feed('pos', 'receipts') -%} … {{ utc_instant('sold_at', feed) }}
#}
{% macro feed(source_name, table_name) -%}
{%- set declared = {} -%}
{%- if execute and graph.get('sources') -%}
    {%- set node = graph.sources['source.' ~ project_name ~ '.' ~ source_name ~ '.' ~ table_name] -%}
    {%- do declared.update(node.source_meta or {}) -%}
    {%- do declared.update(node.config.meta or {}) -%}
{%- endif -%}
{{ return(declared) }}
{%- endmacro %}
