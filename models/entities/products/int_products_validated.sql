with validated as (

    select
        delivered.*,
        case when product_id is null then 'key_missing' end as reason_code
    from {{ ref('int_products_delivered') }} as delivered

),

{{ deduplicated('validated', 'products', 'product_id') }}

select * from deduplicated
