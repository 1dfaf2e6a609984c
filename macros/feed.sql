{#
  What the source's YAML declares of a feed: `meta` of the source, overlaid with that of the table.
  The lander reads the same YAML; staging takes time zones, formats and signs from here.

  A unit test sees no YAML, so that nothing is declared there but what it puts in the place of this
  macro: `overrides: {macros: {feed: {time_zone: Asia/Shanghai}}}`.
  Example: {%- set feed = feed('pos', 'receipts') -%} … {{ utc_instant('sold_at', feed) }}
#}
{% macro feed(source_name, table_name) -%}
{%- set declared = {} -%}
{%- set described = {} -%}
{%- for node in graph.get('sources', {}).values() if execute and node.source_name == source_name -%}
    {%- do described.update({node.name: node}) -%}
{%- endfor -%}
{%- if table_name in described -%}
    {%- do declared.update(described[table_name].source_meta or {}) -%}
    {%- do declared.update(described[table_name].config.meta or {}) -%}
{%- elif described -%}
    {%- do exceptions.raise_compiler_error('The source ' ~ source_name ~ ' has no table ' ~ table_name ~ ': it has ' ~ described | join(', ') ~ '.') -%}
{%- endif -%}
{{ return(declared) }}
{%- endmacro %}
