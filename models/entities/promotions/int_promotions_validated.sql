-- A promotion is told of ahead, so that it may begin, and end, after its delivery.
with validated as (

    select
        delivered.*,
        case
            {{ refuse_key('promotion_line_id') }}
            when product_id is null then 'product_missing'
            when starts_on is null or ends_on is null then 'time_unreadable'
            when {{ before_first_day('starts_on') }} then 'before_first_day'
            when ends_on < starts_on then 'ends_before_start'
            when depth_share is null or depth_share not between 0 and 1 then 'share_unreadable'
        end as reason_code
    from {{ ref('int_promotions_delivered') }} as delivered

),

{{ deduplicated('validated', 'promotions', 'promotion_line_id') }}

select * from deduplicated
