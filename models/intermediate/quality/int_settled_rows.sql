-- Every landed row, counted by what became of it; money as delivered, in the order's own currency.
with rows_by_entity as (

    select 'accounts' as entity, source_system, cast(null as date) as business_on,
        row_status, reason_code, cast(0 as decimal(18,2)) as amount
    from {{ ref('int_accounts_checked') }}
    union all
    select 'orders', source_system, ordered_on, row_status, reason_code, 0
    from {{ ref('int_orders_checked') }}
    union all
    select 'order_lines', source_system, ordered_on, row_status, reason_code, delivered_amount
    from {{ ref('int_order_lines_checked') }}
    union all
    select 'refunds', source_system, refunded_on, row_status, reason_code, refund_amount
    from {{ ref('int_refunds_checked') }}
    union all
    select 'products', source_system, null, row_status, reason_code, 0
    from {{ ref('int_products_checked') }}
    union all
    select 'stores', source_system, null, row_status, reason_code, 0
    from {{ ref('int_stores_checked') }}

),

counted as (

    select
        source_system,
        entity,
        business_on,
        row_status,
        case when row_status = 'quarantined' then reason_code end as reason_code,
        count(*) as row_count,
        cast(coalesce(sum(amount), 0) as decimal(38,2)) as amount
    from rows_by_entity
    group by 1, 2, 3, 4, 5

)

select * from counted
