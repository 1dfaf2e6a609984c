-- What became of the rows of each file, as far as the person who delivered it must hear of it. A line that is no record is
-- nobody's row, so that it counts for every entity that its file delivers, and alone where there is none.
with delivered as (

    {%- for entity in var('entities') %}
    select
        '{{ entity }}' as entity,
        source_system,
        _batch as batch,
        row_status,
        reason_code,
        is_replaced_within_file,
        {{ settings_of(entity).amount or 'cast(0 as decimal(18,2))' }} as amount
    from {{ ref('int_' ~ entity ~ '_validated') }}
    where delivery_number is not null
        and row_status <> 'ignored'
    {{ 'union all' if not loop.last }}
    {%- endfor %}

),

counted as (

    select
        source_system,
        entity,
        batch,
        count(*) as row_count,
        count(*) filter (where row_status = 'quarantined') as rows_refused,
        count(*) filter (
            where row_status = 'quarantined'
                and reason_code in ('{{ var("consequential_reasons") | join("', '") }}')
        ) as rows_waiting,
        count(*) filter (where is_replaced_within_file) as rows_replaced,
        sum(amount) filter (where is_replaced_within_file) as amount_replaced
    from delivered
    group by source_system, entity, batch

),

unreadable as (

    select
        rejected_lines.source_system,
        rejected_lines._batch as batch,
        count(*) as line_count
    from {{ ref('stg_landing__rejected_lines') }} as rejected_lines
    semi join {{ ref('int_current_deliveries') }} as current_deliveries
        on rejected_lines._batch = current_deliveries.batch
    where rejected_lines.source_system in ('{{ var("sources").keys() | join("', '") }}')
    group by rejected_lines.source_system, rejected_lines._batch

)

select
    coalesce(counted.source_system, unreadable.source_system) as source_system,
    counted.entity,
    coalesce(counted.batch, unreadable.batch) as batch,
    coalesce(counted.row_count, 0) + coalesce(unreadable.line_count, 0) as row_count,
    coalesce(counted.rows_refused, 0) + coalesce(unreadable.line_count, 0) as rows_refused,
    coalesce(counted.rows_waiting, 0) as rows_waiting,
    coalesce(counted.rows_replaced, 0) as rows_replaced,
    cast(coalesce(counted.amount_replaced, 0) as decimal(38,2)) as amount_replaced
from counted
full outer join unreadable on counted.batch = unreadable.batch
