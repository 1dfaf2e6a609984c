-- What tells a group from all customers who are grouped: habits, and beside them age and what is bought, by which nobody was grouped.
-- How far the group lies from all is in standard deviations of a customer, so that all traits are ranked together. The mean of
-- a logarithm is told as the geometric mean.
with sizes as (

    select
        coalesce(clusters.cluster, -1) as cluster,
        max(clusters.as_of_date) as as_of_date,
        max(clusters.cluster_name_en) as cluster_name_en,
        max(clusters.cluster_name_zh) as cluster_name_zh,
        count(*) as customer_count,
        cast(sum(habits.net_amount) as double) as amount,
        cast(sum(habits.net_amount) as decimal(18,2)) as net_amount
    from {{ ref('customer_clusters') }} as clusters
    inner join {{ ref('int_cluster_features') }} as habits on clusters.customer_id = habits.customer_id
    where clusters.cluster is not null
    group by grouping sets ((clusters.cluster), ())

),

summed as (

    select
        coalesce(clusters.cluster, -1) as cluster,
        traits.trait_kind,
        traits.trait,
        count(*) as told_count,
        {{ sum_of_doubles('traits.value') }} as total,
        {{ sum_of_doubles('traits.value * traits.value') }} as squares
    from {{ ref('customer_clusters') }} as clusters
    inner join {{ ref('int_cluster_traits') }} as traits on clusters.customer_id = traits.customer_id
    where clusters.cluster is not null
    group by grouping sets ((clusters.cluster, traits.trait_kind, traits.trait), (traits.trait_kind, traits.trait))

),

-- Who buys nothing of a category has none of it, and counts; of whom no birth date is known, the age does not.
measured as (

    select
        sizes.*,
        summed.trait_kind,
        summed.trait,
        summed.total / case when summed.trait_kind = 'category' then sizes.customer_count else summed.told_count end as mean,
        summed.squares / case when summed.trait_kind = 'category' then sizes.customer_count else summed.told_count end
            as mean_square
    from summed
    inner join sizes on summed.cluster = sizes.cluster

),

compared as (

    select
        ours.*,
        ours.customer_count / cast(everybody.customer_count as double) as customer_share,
        ours.amount / nullif(everybody.amount, 0) as amount_share,
        everybody.mean as mean_of_all,
        coalesce(
            (ours.mean - everybody.mean) / nullif(sqrt(greatest(everybody.mean_square - everybody.mean * everybody.mean, 0)), 0), 0
        ) as deviations
    from measured as ours
    inner join measured as everybody
        on everybody.cluster = -1
        and ours.trait_kind = everybody.trait_kind
        and ours.trait = everybody.trait
    where ours.cluster >= 0

)

select
    compared.cluster,
    compared.trait_kind,
    compared.trait,
    compared.as_of_date,

    compared.cluster_name_en,
    compared.cluster_name_zh,
    coalesce(traits.name_en, compared.trait) as trait_name_en,
    coalesce(traits.name_zh, compared.trait) as trait_name_zh,

    compared.customer_count,
    compared.customer_share,
    compared.net_amount,
    compared.amount_share,
    case when traits.is_geometric then cast({{ round_half_up('exp(compared.mean)', 6) }} as double) else compared.mean end as usual_value,
    case when traits.is_geometric then cast({{ round_half_up('exp(compared.mean_of_all)', 6) }} as double) else compared.mean_of_all end as usual_value_of_all,
    compared.deviations,
    cast(row_number() over (
        partition by compared.cluster
        order by abs(compared.deviations) desc nulls last, compared.trait_kind nulls last, compared.trait nulls last
    ) as bigint) as trait_rank
from compared
left join {{ ref('cluster_traits') }} as traits
    on case compared.trait_kind when 'habit' then compared.trait end = traits.trait
