-- Points as int_member_balances has them. Tiers by the seed loyalty_tiers: what was spent in the months that qualify, the limit
-- of the next tier, and what of it lasts if nothing is spent in the next month. A rise is near where a usual month of the
-- member's last loyalty_recent_months would do it, but for tiers that cost nothing; a fall is near where a usual month would not
-- make up for what no longer counts. A month in progress is no usual one, unless it is the first. Where all time qualifies nobody falls.
{%- set recent = whole_number('loyalty_recent_months', 1) %}
{%- set qualifying = whole_number('loyalty_qualifying_months', 0) %}

with ranked as (

    select
        tiers.*,
        lead(membership_tier) over by_rank as next_tier,
        lead(min_amount) over by_rank as next_min_amount
    from {{ ref('loyalty_tiers') }} as tiers
    window by_rank as (order by tier_rank nulls last, membership_tier nulls last)

),

running as (

    select
        months.customer_id,
        months.calendar_month,
        months.membership_tier,
        lag(months.membership_tier) over (partition by months.customer_id order by months.calendar_month nulls last) as opening_tier,
        sum(spend.spend_amount - spend.aged_amount) over so_far as qualifying_amount,
        sum(spend.spend_amount - spend.aging_amount) over so_far as lasting_amount,
        coalesce(
            case when not months.is_complete then cast(sum(spend.spend_amount) over before as double) / nullif(count(*) over before, 0) end,
            cast(sum(spend.spend_amount) over recently as double) / count(*) over recently
        ) as usual_amount
    from {{ ref('int_member_months') }} as months
    inner join {{ ref('int_member_spend') }} as spend on months.customer_id = spend.customer_id and months.calendar_month = spend.calendar_month
    window
        so_far as (
            partition by months.customer_id order by months.calendar_month nulls last rows between unbounded preceding and current row
        ),
        recently as (
            partition by months.customer_id order by months.calendar_month nulls last rows between {{ recent - 1 }} preceding and current row
        ),
        before as (partition by months.customer_id order by months.calendar_month nulls last rows between {{ recent }} preceding and 1 preceding)

),

placed as (

    select
        running.*,
        ranked.next_tier,
        ranked.next_min_amount,
        coalesce(ranked.tier_rank, 0) as tier_rank,
        coalesce(opening.tier_rank, 0) as opening_rank,
        case when ranked.next_tier is not null then greatest(ranked.next_min_amount - running.qualifying_amount, 0) end
            as to_rise_amount,
        case when ranked.min_amount > 0 then greatest(ranked.min_amount - running.lasting_amount, 0) end as to_keep_amount
    from running
    left join ranked on lower(running.membership_tier) = ranked.membership_tier
    left join ranked as opening on lower(running.opening_tier) = opening.membership_tier

)

select
    placed.customer_id,
    placed.calendar_month,
    placed.opening_tier,
    placed.membership_tier,
    case
        when placed.opening_tier is null then 'joined'
        when placed.opening_tier = placed.membership_tier then 'stayed'
        when placed.tier_rank >= placed.opening_rank then 'risen'
        else 'fallen'
    end as tier_move,
    placed.next_tier,
    balances.opening_points,
    balances.earned_points,
    balances.adjusted_points,
    balances.burned_points,
    balances.expired_points,
    balances.closing_points,
    cast(greatest(balances.closing_points, 0) as decimal(18,2)) as liability_points,
    balances.expiring_points,
    balances.due_points,
    balances.unused_points,
    cast(placed.qualifying_amount as decimal(18,2)) as qualifying_amount,
    placed.usual_amount as usual_month_amount,
    cast(placed.to_rise_amount as decimal(18,2)) as to_rise_amount,
    cast({{ 'placed.to_keep_amount' if qualifying else 'null' }} as decimal(18,2)) as to_keep_amount,
    balances.is_active,
    coalesce(placed.next_min_amount > 0 and placed.to_rise_amount <= placed.usual_amount, false) as is_about_to_rise,
    {{ 'coalesce(placed.to_keep_amount > greatest(placed.usual_amount, 0), false)' if qualifying else 'false' }} as is_about_to_fall,
    balances.is_complete
from placed
inner join {{ ref('int_member_balances') }} as balances
    on placed.customer_id = balances.customer_id
    and placed.calendar_month = balances.calendar_month
