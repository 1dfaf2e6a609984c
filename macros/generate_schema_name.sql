{#
  A schema is called what the folder says, without the target's prefix: readers and the publication
  look for `marts`, not for `main_marts`.
#}
{% macro generate_schema_name(custom_schema_name, node) -%}
    {{ (custom_schema_name or target.schema) | trim }}
{%- endmacro %}
