with checked as (

    select * from {{ ref('int_order_lines_checked') }}

),

accepted as (

    select
        order_line_id,
        order_id,
        source_system,
        product_id,
        ordered_on,
        quantity,
        converted_gross_amount as gross_amount,
        converted_discount_amount as discount_amount,
        cast(delivered_amount as decimal(18,2)) as delivered_amount
    from checked
    where row_status = 'accepted'

),

sold as (

    select
        accepted.*,
        cast(gross_amount - discount_amount as decimal(18,2)) as sales_amount
    from accepted

)

select * from sold
