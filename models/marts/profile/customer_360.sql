-- What the marts say of a customer on the latest day, side by side: each column has the meaning that it has there. Beside it what an agent
-- asks before anything else: the last order, and whether a ticket is open.

with tags as (

    select
        customer_id,
        count(*) as tag_count,
        max(value) filter (where tag = 'age_band') as age_band,
        {{ join_array('tag', ', ', are_distinct=true) }} as tags,
        {{ join_array("tag_name_en || ': ' || value_name_en", ', ', are_distinct=true) }} as tags_en,
        {{ join_array("tag_name_zh || '：' || value_name_zh", '，', are_distinct=true) }} as tags_zh
    from {{ ref('customer_tags') }}
    where is_current
    group by customer_id

),

memberships as (

    select *
    from {{ ref('loyalty_members') }}
    where calendar_month = (select max(calendar_month) from {{ ref('loyalty_members') }})

),

heard as (

    select
        customer_id,
        max(occurred_on) filter (where invited_on is null or score is not null or reason <> 'unknown') as last_contact_on,
        count(*) filter (where interaction_type = 'ticket' and resolved_on is null) as open_ticket_count
    from {{ ref('int_customer_interactions') }}
    group by customer_id

),

ordered as (

    select customer_id, ordered_on as last_order_on,
        max_by(order_id, coalesce(cast(ordered_at as string), '9999') || ' ' || order_id) as last_order_id
    from {{ ref('int_kpi_orders') }} as orders
    semi join (select customer_id, max(ordered_on) as last_on from {{ ref('int_kpi_orders') }} group by customer_id) as last_days
        on orders.customer_id = last_days.customer_id and orders.ordered_on = last_days.last_on
    group by customer_id, ordered_on

)

select
    customers.customer_id,
    key_figures.as_of_date,

    customers.source_systems, customers.gender, coalesce(customers.age_band, tags.age_band) as age_band, customers.city,
    tags.tags, tags.tags_en, tags.tags_zh,

    lifecycle.state, lifecycle.state_name_en, lifecycle.state_name_zh,
    lifecycle.stage, lifecycle.stage_name_en, lifecycle.stage_name_zh,
    rfm.segment_code, rfm.segment_name_en, rfm.segment_name_zh, rfm.suggested_action_en, rfm.suggested_action_zh,
    clusters.cluster, clusters.cluster_name_en, clusters.cluster_name_zh,
    value_tiers.tier as value_tier, value_tiers.tier_name_en as value_tier_name_en, value_tiers.tier_name_zh as value_tier_name_zh,
    churn.churn_level, churn.level_name_en as churn_level_name_en, churn.level_name_zh as churn_level_name_zh,
    reasons.reason_en as churn_reason_en, reasons.reason_zh as churn_reason_zh,
    causes.cause as churn_cause, causes.cause_name_en as churn_cause_name_en, causes.cause_name_zh as churn_cause_name_zh,
    memberships.membership_tier, tiers.tier_name_en as membership_tier_name_en, tiers.tier_name_zh as membership_tier_name_zh,
    memberships.next_tier, next_tiers.tier_name_en as next_tier_name_en, next_tiers.tier_name_zh as next_tier_name_zh,
    channels.main_channel, ways.name_en as main_channel_name_en, ways.name_zh as main_channel_name_zh,
    contacts.channel as best_contact_channel,
    contact_ways.name_en as best_contact_channel_name_en, contact_ways.name_zh as best_contact_channel_name_zh,
    recommended.product_id as recommended_product_id, products.product_name as recommended_product_name,
    recommended.reason_en as recommended_reason_en, recommended.reason_zh as recommended_reason_zh,
    ordered.last_order_id,

    coalesce(tags.tag_count, 0) as tag_count,
    coalesce(heard.open_ticket_count, 0) as open_ticket_count,
    customers.purchase_count,
    lifecycle.days_since_last, lifecycle.usual_gap_days,
    customers.net_amount, rfm.spend_amount, ltv.ltv_amount,
    churn.churn_probability, churn.amount_at_risk,
    memberships.closing_points, memberships.expiring_points, memberships.to_rise_amount,
    sensitivity.expected_discounted_share,

    channels.is_cross_channel,

    customers.registered_on, customers.first_purchase_on, customers.last_purchase_on, ordered.last_order_on, heard.last_contact_on
from {{ ref('customers') }} as customers
cross join {{ ref('key_figures') }} as key_figures
left join {{ ref('customer_lifecycle') }} as lifecycle
    on customers.customer_id = lifecycle.customer_id
    and lifecycle.is_latest
left join {{ ref('customer_rfm') }} as rfm
    on customers.customer_id = rfm.customer_id
    and rfm.is_latest
left join {{ ref('customer_value_tiers') }} as value_tiers on customers.customer_id = value_tiers.customer_id
left join {{ ref('customer_clusters') }} as clusters on customers.customer_id = clusters.customer_id
left join {{ ref('customer_churn') }} as churn on customers.customer_id = churn.customer_id
left join {{ ref('customer_churn_reasons') }} as reasons
    on customers.customer_id = reasons.customer_id
    and reasons.reason_rank = 1
left join {{ ref('customer_churn_causes') }} as causes on customers.customer_id = causes.customer_id
left join {{ ref('customer_ltv') }} as ltv on customers.customer_id = ltv.customer_id
left join {{ ref('price_sensitivity') }} as sensitivity on customers.customer_id = sensitivity.customer_id
left join {{ ref('cross_channel_customers') }} as channels on customers.customer_id = channels.customer_id
left join {{ ref('customer_channel_preference') }} as contacts
    on customers.customer_id = contacts.customer_id
    and contacts.is_best_channel
left join {{ ref('customer_recommendations') }} as recommended
    on customers.customer_id = recommended.customer_id
    and recommended.scene = 'home'
    and recommended.recommendation_rank = 1
left join memberships on customers.customer_id = memberships.customer_id
left join tags on customers.customer_id = tags.customer_id
left join heard on customers.customer_id = heard.customer_id
left join ordered on customers.customer_id = ordered.customer_id
left join {{ ref('products') }} as products on recommended.product_id = products.product_id
left join {{ ref('loyalty_tiers') }} as tiers on lower(memberships.membership_tier) = tiers.membership_tier
left join {{ ref('loyalty_tiers') }} as next_tiers on memberships.next_tier = next_tiers.membership_tier
left join {{ ref('tag_items') }} as ways on ways.figure = 'channel' and {{ lower_ascii('channels.main_channel') }} = ways.item
left join {{ ref('tag_items') }} as contact_ways
    on contact_ways.figure = 'contact_channel'
    and {{ lower_ascii('contacts.channel') }} = contact_ways.item
