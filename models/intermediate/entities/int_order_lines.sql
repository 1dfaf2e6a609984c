with checked as (

    select * from {{ ref('int_order_lines_checked') }}

),

converted as (

    select
        order_line_id,
        order_id,
        source_system,
        product_id,
        ordered_on,
        quantity,
        cast(gross_amount * exchange_rate as decimal(18,2)) as gross_amount,
        cast(discount_amount * exchange_rate as decimal(18,2)) as discount_amount,
        cast(delivered_amount as decimal(18,2)) as delivered_amount
    from checked
    where row_status = 'accepted'

),

sold as (

    select
        converted.*,
        cast(gross_amount - discount_amount as decimal(18,2)) as sales_amount
    from converted

)

select * from sold
