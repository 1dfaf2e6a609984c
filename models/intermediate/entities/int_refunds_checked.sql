with landed as (

    select * from {{ ref('int_refunds_landed') }}

),

validated as (

    select
        landed.*,
        case
            when refund_id is null then 'key_missing'
            when refunded_on is null then 'time_unreadable'
            when {{ before_first_day('refunded_on') }} then 'before_first_day'
            when {{ after_delivery('refunded_on') }} then 'after_delivery'
            when refund_amount is null then 'amount_unreadable'
            when refund_amount <= 0 then 'amount_not_positive'
        end as reason_code
    from landed

),

settled as (

    {{ settle_deliveries('validated', 'refund_id') }}

)

select * from settled
