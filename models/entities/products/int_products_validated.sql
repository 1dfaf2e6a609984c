with delivered as (

    select * from {{ ref('int_products_delivered') }}

),

validated as (

    select
        delivered.*,
        case when product_id is null then 'key_missing' end as reason_code
    from delivered

),

{{ deduplicated('validated', 'products', 'product_id') }}

select * from deduplicated
