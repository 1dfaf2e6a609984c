with validated as (

    select
        delivered.*,
        case
            when sale_id is null then 'key_missing'
            {{ refuse_date('sold_on') }}
            when amount is null then 'amount_unreadable'
        end as reason_code
    from {{ ref('int_sales_delivered') }} as delivered

),

{{ deduplicated('validated', 'sales', 'sale_id') }}

select * from deduplicated
