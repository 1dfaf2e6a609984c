{#
  What the source's YAML declares of a feed: `meta` of the source, overlaid with that of the table.
  The lander reads the same YAML; staging takes time zones and date formats from here.

  Example: {%- set feed = feed('pos', 'receipts') -%} … {{ utc_instant('sold_at', feed) }}
#}
{% macro feed(source_name, table_name) -%}
{%- set declared = {} -%}
{%- if execute -%}
    {%- set node = graph.sources['source.' ~ project_name ~ '.' ~ source_name ~ '.' ~ table_name] -%}
    {%- do declared.update(node.source_meta or {}) -%}
    {%- do declared.update(node.config.meta or {}) -%}
{%- endif -%}
{{ return(declared) }}
{%- endmacro %}
