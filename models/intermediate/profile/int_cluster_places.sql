-- The nearest group of every customer, and how far away it is, over habits that are cut at what was usual when the groups were
-- fitted and measured in standard deviations. Who is farther away than distance_limit is like none of the groups: cluster 0. The same
-- customers are placed in the groups in use and in those before them.
with compared as (

    select
        habits.customer_id,
        centroids.is_in_use,
        centroids.version,
        centroids.cluster,
        centroids.phrase,
        centroids.distance_limit,
        -- The difference in each habit, squared.
        {%- set squares %}
            {%- for feature in cluster_features() %}
            {{ '+ ' if not loop.first }}power(
                (least(greatest(habits.{{ feature }}, {{ feature }}_low), {{ feature }}_high) - {{ feature }}_mean)
                / {{ feature }}_deviation - {{ feature }}_centroid,
                2
            )
            {%- endfor %}
        {%- endset %}
        cast({{ round_half_up('sqrt(' ~ squares ~ ')', 9) }} as double) as distance
    from {{ ref('int_cluster_features') }} as habits
    cross join {{ ref('int_cluster_centroids') }} as centroids

),

ranked as (

    select
        compared.*,
        lead(distance) over nearest_first as next_distance,
        row_number() over nearest_first as place
    from compared
    window nearest_first as (partition by customer_id, is_in_use order by distance nulls last, cluster nulls last)

)

select
    customer_id,
    is_in_use,
    version,
    case when distance <= distance_limit then cluster else 0 end as cluster,
    case when distance <= distance_limit then phrase else 'noise' end as phrase,
    distance,
    -- 0 for who is as near to the next group, near 1 for who is far from it.
    case when distance <= distance_limit then 1 - distance / nullif(next_distance, 0) end as silhouette
from ranked
where place = 1
