with validated as (

    select
        delivered.*,
        case {{ refuse_key('product_id') }} end as reason_code
    from {{ ref('int_products_delivered') }} as delivered

),

{{ deduplicated('validated', 'products', 'product_id') }}

select * from deduplicated
