{#
  The accepted rows of an entity: valid, in their latest form, one for each key. Whoever reads an entity asks for them
  here, so that nobody takes what was refused or replaced.

  Example: select * from {{ accepted('events') }}
#}
{% macro accepted(entity) -%}
(select * from {{ ref('int_' ~ entity ~ '_validated') }} where row_status = 'accepted')
{%- endmacro %}
