with landed as (

    select * from {{ ref('int_products_landed') }}

),

validated as (

    select
        landed.*,
        case when product_id is null then 'key_missing' end as reason_code
    from landed

),

settled as (

    {{ settle_deliveries('validated', 'product_id') }}

)

select * from settled
