{%- for entity in var('entities') %}
select
    '{{ entity }}' as entity,
    source_system,
    {{ settings_of(entity).key or 'null' }} as entity_key,
    reason_code,
    _file as file,
    _line as line,
    {{ row_as_json(facts_of(entity)) }} as delivered_row
from {{ ref('int_' ~ entity ~ '_validated') }}
where row_status = 'quarantined'
{{ 'union all' if not loop.last }}
{%- endfor %}
