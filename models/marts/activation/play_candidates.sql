-- What it is worth to act: purchases that a contact adds × what of an order is earned − the contact − the offer, which those take too
-- who would have bought anyway while it holds. The uplift is that of a whole group; within it, it falls to each by their own
-- probability of a purchase beside the group's mean, since who has gone for good is moved by nothing.
with weighed as (

    select
        members.*,
        uplifts.play_name_en,
        uplifts.play_name_zh,
        uplifts.uplift as group_uplift,
        uplifts.experiment_count,
        coalesce(
            members.purchase_probability
            * count(members.purchase_probability) over (partition by members.play, members.cause)
            / nullif(
                cast(
                    sum(cast(members.purchase_probability as decimal(18,9))) over (partition by members.play, members.cause)
                    as double
                ),
                0
            ),
            1
        ) as weight
    from {{ ref('int_play_members') }} as members
    inner join {{ ref('int_uplifts') }} as uplifts
        on members.play = uplifts.play
        and members.cause = uplifts.cause

),

offered as (

    select
        weighed.*,
        playbook.strategy_en,
        playbook.strategy_zh,
        playbook.offer_en,
        playbook.offer_zh,
        playbook.restriction_en,
        playbook.restriction_zh,
        greatest(least(weighed.group_uplift * weighed.weight, 1), -1) as uplift,
        least(
            coalesce(weighed.purchase_probability, 0) * playbook.valid_days / {{ whole_number('churn_horizon_days', 1) }},
            1
        ) as taken_anyway,
        case playbook.discount_type
            when 'percent' then weighed.order_amount * cast(playbook.discount_value as double) / 100
            else cast(playbook.discount_value as double)
        end as offer_amount
    from weighed
    inner join {{ ref('churn_playbook') }} as playbook
        on weighed.play = playbook.play
        and weighed.cause = playbook.cause
        and playbook.retail_type = {{ retail_type() }}

),

valued as (

    select
        offered.*,
        contacts.channel,
        contacts.channel_name_en,
        contacts.channel_name_zh,
        contacts.best_hour,
        contacts.best_weekday,
        contacts.refusal,
        contacts.refusal_name_en,
        contacts.refusal_name_zh,
        {{ round_half_up("offered.uplift * offered.order_amount * " ~ var('margin_share'), 2) }} as gain_amount,
        {{ round_half_up(
            'contacts.contact_cost_amount + offered.offer_amount * least(offered.taken_anyway + greatest(offered.uplift, 0), 1)', 2
        ) }} as cost_amount
    from offered
    inner join {{ ref('int_play_contacts') }} as contacts
        on offered.customer_id = contacts.customer_id
        and offered.play = contacts.play

)

select
    valued.customer_id,
    valued.play,
    latest.as_of_date,

    valued.play_name_en,
    valued.play_name_zh,
    valued.cause,
    valued.strategy_en,
    valued.strategy_zh,
    valued.offer_en,
    valued.offer_zh,
    valued.restriction_en,
    valued.restriction_zh,
    offers.product_id,
    valued.channel,
    valued.channel_name_en,
    valued.channel_name_zh,
    valued.refusal,
    valued.refusal_name_en,
    valued.refusal_name_zh,

    cast(row_number() over (
        partition by valued.play
        order by valued.gain_amount - valued.cost_amount desc nulls last, valued.customer_id nulls last
    ) as bigint) as priority,
    valued.best_hour,
    valued.best_weekday,
    valued.purchase_probability,
    cast({{ round_half_up('valued.uplift', 9) }} as double) as uplift,
    valued.experiment_count,
    {{ round_half_up('valued.order_amount', 2) }} as order_amount,
    valued.gain_amount,
    valued.cost_amount,
    cast(valued.gain_amount - valued.cost_amount as decimal(18,2)) as expected_value_amount
from valued
inner join {{ ref('int_as_of_dates') }} as latest on latest.is_latest
left join {{ ref('int_play_offers') }} as offers on valued.customer_id = offers.customer_id
