-- Everybody has a row: who bought nothing of late, or too little to be like anybody, says so. The groups that were in use before are told beside, of the
-- same customers on the same day, so that a change is of the fit, and not of what somebody did.
with told as (

    select
        customers.customer_id,
        latest.as_of_date,
        case
            when activity.last_purchase_on < latest.as_of_date - interval '{{ whole_number("cluster_days", 30) }}' day
                or activity.last_purchase_on is null then 'inactive'
            when habits.customer_id is null then 'too_few'
            when places.customer_id is null then 'not_fitted'
            when places.cluster = 0 then 'noise'
            else 'clustered'
        end as cluster_status,
        places.cluster,
        places.phrase,
        places.distance,
        places.silhouette,
        places.version,
        former.cluster as cluster_before,
        former.phrase as phrase_before,
        former.version as version_before
    from {{ ref('int_customers') }} as customers
    inner join {{ ref('int_as_of_dates') }} as latest on latest.is_latest
    left join {{ ref('int_customer_activity') }} as activity
        on customers.customer_id = activity.customer_id
        and activity.is_latest
    left join {{ ref('int_cluster_features') }} as habits on customers.customer_id = habits.customer_id
    left join {{ ref('int_cluster_places') }} as places
        on customers.customer_id = places.customer_id
        and places.is_in_use
    left join {{ ref('int_cluster_places') }} as former
        on customers.customer_id = former.customer_id
        and not former.is_in_use

)

select
    told.customer_id,
    told.as_of_date,

    told.cluster_status,
    told.cluster,
    {{ cluster_name('phrases.name_en', 'told.phrase', 'told.cluster') }} as cluster_name_en,
    {{ cluster_name('phrases.name_zh', 'told.phrase', 'told.cluster') }} as cluster_name_zh,
    told.cluster_before,
    {{ cluster_name('phrases_before.name_en', 'told.phrase_before', 'told.cluster_before') }} as cluster_before_name_en,
    {{ cluster_name('phrases_before.name_zh', 'told.phrase_before', 'told.cluster_before') }} as cluster_before_name_zh,

    told.distance as centroid_distance,
    told.silhouette,
    told.version as parameters_version,
    told.version_before as parameters_version_before
from told
left join {{ ref('cluster_phrases') }} as phrases on coalesce(told.phrase, told.cluster_status) = phrases.phrase
left join {{ ref('cluster_phrases') }} as phrases_before on told.phrase_before = phrases_before.phrase
