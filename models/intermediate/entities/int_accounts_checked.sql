with landed as (

    select * from {{ ref('int_accounts_landed') }}

),

validated as (

    select
        landed.*,
        case when account_id is null then 'key_missing' end as reason_code
    from landed

),

settled as (

    {{ settle_deliveries('validated', 'account_id') }}

)

select * from settled
