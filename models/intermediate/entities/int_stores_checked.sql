with landed as (

    select * from {{ ref('int_stores_landed') }}

),

validated as (

    select
        landed.*,
        case when store_id is null then 'key_missing' end as reason_code
    from landed

),

settled as (

    {{ settle_deliveries('validated', 'store_id') }}

)

select * from settled
