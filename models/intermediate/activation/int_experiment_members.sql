-- Who is in which arm of an experiment: that of their first draw, by whichever account, and of two at the same instant that of the
-- smaller account id, so that whoever has several accounts keeps the odds of one. Who was drawn into another arm too is crossing: they
-- lived through both, stay where they were drawn first, and are counted.
-- Watched is everybody from the day of their draw or of the campaign, whichever is later. What is known of them is what was known on
-- the day before: an order that was cancelled since was one.
with drawn as (

    select
        touches.campaign_id as experiment_id,
        account_customers.customer_id,
        touches.arm,
        touches.occurred_on,
        row_number() over (
            partition by touches.campaign_id, account_customers.customer_id
            order by
                touches.occurred_on nulls last, touches.occurred_at nulls last,
                touches.account_id nulls last, touches.touch_id nulls last
        ) as draw_number
    from {{ accepted('touches') }} as touches
    inner join {{ ref('int_as_of_dates') }} as latest
        on latest.is_latest
        and touches.occurred_on < latest.as_of_date
    inner join {{ ref('int_account_customers') }} as account_customers on touches.account_id = account_customers.account_id
    where touches.touch_type = 'assigned'
        and touches.arm is not null

),

placed as (

    select
        drawn.experiment_id,
        drawn.customer_id,
        max(drawn.arm) filter (where drawn.draw_number = 1) as arm,
        min(drawn.arm) <> max(drawn.arm) as is_crossing,
        greatest(min(drawn.occurred_on), min(campaigns.starts_on)) as watched_from,
        min(campaigns.ends_on) as ends_on
    from drawn
    inner join {{ accepted('campaigns') }} as campaigns on drawn.experiment_id = campaigns.campaign_id
    group by drawn.experiment_id, drawn.customer_id

),

last_purchases as (

    select
        placed.experiment_id,
        placed.customer_id,
        max(purchases.transacted_on) as last_purchase_on
    from placed
    inner join {{ ref('int_transactions') }} as purchases
        on placed.customer_id = purchases.customer_id
        and purchases.is_purchase
        and {{ stands_on('purchases', 'placed.watched_from') }}
    group by placed.experiment_id, placed.customer_id

)

select
    placed.*,
    last_purchases.last_purchase_on,
    case
        when last_purchases.last_purchase_on is null then 'never_bought'
        when {{ days_between('last_purchases.last_purchase_on', 'placed.watched_from') }}
            >= {{ whole_number('experiment_lapsed_days', 1) }} then 'lapsed'
        else 'recent'
    end as recency,
    coalesce(cast(scores.m_score as string), 'none') as spend_score
from placed
left join last_purchases
    on placed.experiment_id = last_purchases.experiment_id
    and placed.customer_id = last_purchases.customer_id
left join {{ ref('int_rfm_scores') }} as scores
    on placed.customer_id = scores.customer_id
    and scores.as_of_date = cast(date_trunc('month', placed.watched_from) as date)
