with refused as (
    {% for entity in var('entities') %}
    select
        '{{ entity }}' as entity,
        source_system,
        {{ settings_of(entity).key or 'null' }} as entity_key,
        reason_code,
        _batch,
        _line,
        {{ row_as_json(facts_of(entity)) }} as delivered_row
    from {{ ref('int_' ~ entity ~ '_validated') }}
    where row_status = 'quarantined'
    {{ 'union all' if not loop.last }}
    {%- endfor %}

),

traced as (

    select
        refused.entity,
        refused.source_system,
        refused.entity_key,
        refused.reason_code,
        deliveries.file,
        refused._line as line,
        refused.delivered_row
    from refused
    inner join {{ ref('int_current_deliveries') }} as deliveries on refused._batch = deliveries.batch

)

select * from traced
