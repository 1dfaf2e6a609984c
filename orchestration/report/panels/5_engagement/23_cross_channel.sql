-- The matched difference is the mean over the strata of tier and tenure that have both, each as heavy as it has customers of the
-- kind; its interval is of the variances within them.
with strata as (
    select
        earlier_kind as kind,
        earlier_tier,
        earlier_tenure_quarters,
        count(*) as customers,
        avg(later_amount::double) as mean,
        var_samp(later_amount::double) as variance
    from marts.cross_channel_customers
    where compared_on is not null
    group by all
),

singles as (
    select
        earlier_tier,
        earlier_tenure_quarters,
        count(*) as customers,
        avg(later_amount::double) as mean,
        var_samp(later_amount::double) as variance
    from marts.cross_channel_customers
    where earlier_kind in ('store', 'online')
    group by all
),

matched as (
    select
        strata.kind,
        sum(strata.customers) as matched_customers,
        sum(strata.customers * singles.mean) / sum(strata.customers) as matched_amount,
        sum(strata.customers * (strata.mean - singles.mean)) / sum(strata.customers) as matched_difference,
        1.96 * sqrt(sum(
            strata.customers ** 2
            * (coalesce(strata.variance, 0) / strata.customers + coalesce(singles.variance, 0) / singles.customers)
        )) / sum(strata.customers) as plus_minus
    from strata
    inner join singles using (earlier_tier, earlier_tenure_quarters)
    where strata.kind = 'both'
    group by strata.kind
),

kinds as (
    select
        earlier_kind as kind,
        count(*) as customers,
        sum(later_amount)::double as later_sum,
        avg(later_amount::double) as later_amount,
        avg(single_kind_amount) as single_kind_amount
    from marts.cross_channel_customers
    where compared_on is not null
    group by earlier_kind
)

select
    kinds.kind,
    kinds.customers,
    kinds.customers / sum(kinds.customers) over () as customer_share,
    kinds.later_sum,
    coalesce(kinds.later_sum / nullif(sum(kinds.later_sum) over (), 0), 0) as amount_share,
    kinds.later_amount,
    case when kinds.kind = 'both' then kinds.later_amount - kinds.single_kind_amount end as naive_difference,
    matched.matched_customers,
    matched.matched_amount,
    matched.matched_difference,
    matched.plus_minus
from kinds
left join matched using (kind)
order by kinds.kind = 'both' desc, kinds.kind
