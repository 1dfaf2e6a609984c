with validated as (

    select
        delivered.*,
        case
            {{ refuse_key('sale_id') }}
            {{ refuse_date('sold_on') }}
            when amount is null then 'amount_unreadable'
        end as reason_code
    from {{ ref('int_sales_delivered') }} as delivered

),

{{ deduplicated('validated', 'sales', 'sale_id') }}

select * from deduplicated
