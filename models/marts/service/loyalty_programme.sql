-- Each member is seen twice in a month, at its end in the tier they are in, and at its beginning in the one they were in, so
-- that of each tier opening + joined + came − went = closing. Points are of the tier at the end; of `all` they close too.
with seen as (

    select members.*, membership_tier as tier, true as is_end
    from {{ ref('loyalty_members') }} as members
    union all
    select members.*, opening_tier, false
    from {{ ref('loyalty_members') }} as members
    where opening_tier is not null

),

counted as (

    select
        calendar_month,
        is_complete,
        case when grouping(tier) = 1 then 'all' else tier end as membership_tier,
        count(*) filter (where not is_end) as opening_count,
        count(*) filter (where is_end and tier_move = 'joined') as joined_count,
        {%- for move in ['risen', 'fallen'] %}
        count(*) filter (where is_end and tier_move = '{{ move }}') as {{ move }}_into_count,
        count(*) filter (where not is_end and tier_move = '{{ move }}') as {{ move }}_out_of_count,
        {%- endfor %}
        count(*) filter (where is_end) as closing_count,
        count(*) filter (where is_end and is_active) as active_count,
        count(*) filter (where is_end and is_about_to_rise) as about_to_rise_count,
        count(*) filter (where is_end and is_about_to_fall) as about_to_fall_count,
        {%- for points in [
            'opening_points', 'earned_points', 'adjusted_points', 'burned_points', 'expired_points', 'closing_points',
            'liability_points', 'expiring_points', 'due_points', 'unused_points',
        ] %}
        cast(coalesce(sum({{ points }}) filter (where is_end), 0) as decimal(18,2)) as {{ points }}{{ ',' if not loop.last }}
        {%- endfor %}
    from seen
    group by grouping sets ((calendar_month, is_complete, tier), (calendar_month, is_complete))

)

select
    counted.calendar_month,

    counted.membership_tier,
    tiers.tier_name_en,
    tiers.tier_name_zh,

    counted.opening_count,
    counted.joined_count,
    counted.risen_into_count,
    counted.fallen_into_count,
    counted.risen_out_of_count,
    counted.fallen_out_of_count,
    counted.closing_count,
    counted.active_count,
    counted.about_to_rise_count,
    counted.about_to_fall_count,
    counted.opening_points,
    counted.earned_points,
    counted.adjusted_points,
    counted.burned_points,
    counted.expired_points,
    counted.closing_points,
    counted.liability_points,
    counted.expiring_points,
    cast(counted.liability_points * {{ var('point_value') }} as decimal(18,2)) as liability_amount,
    cast(counted.active_count as double) / nullif(counted.closing_count, 0) as active_share,
    cast(counted.unused_points as double) / nullif(cast(counted.due_points as double), 0) as breakage_share,

    counted.is_complete
from counted
left join {{ ref('loyalty_tiers') }} as tiers on lower(counted.membership_tier) = tiers.membership_tier
