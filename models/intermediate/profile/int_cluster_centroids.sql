-- The groups that customers are told by, as they were fitted, and those that were in use before them: each centroid in standard
-- deviations of every habit, beside what the habit is cut at and measured by, so that a distance is one line.
{%- set features = cluster_features() %}

with versions as (

    select
        version,
        row_number() over (order by version desc nulls last) as age
    from {{ ref('int_model_versions') }}
    where model = 'clusters'
        and status in ('current', 'retired')

),

fitted as (

    select
        versions.age,
        parameters.*
    from {{ ref('int_model_parameters') }} as parameters
    inner join versions on parameters.version = versions.version
    where parameters.model = 'clusters'
        and versions.age <= 2

),

scales as (

    select
        age
        {%- for feature in features %}
        {%- for bound in ['low', 'high', 'mean', 'deviation'] %},
        max(value) filter (where parameter = '{{ bound }} {{ feature }}') as {{ feature }}_{{ bound }}
        {%- endfor %}
        {%- endfor %}
    from fitted
    group by age

),

centroids as (

    select
        age,
        version,
        cast(knot as bigint) as cluster,
        max(feature) filter (where parameter like 'name %') as phrase,
        max(value) filter (where parameter like 'limit %') as distance_limit
        {%- for feature in features %},
        max(value) filter (where parameter like 'centroid %' and feature = '{{ feature }}') as {{ feature }}
        {%- endfor %}
    from fitted
    where knot is not null
    group by age, version, knot

)

select
    centroids.version,
    centroids.cluster,
    centroids.age = 1 as is_in_use,
    -- A phrase that the seed no longer has is nobody's name.
    coalesce(phrases.phrase, 'ordinary') as phrase,
    centroids.distance_limit
    {%- for feature in features %},
    centroids.{{ feature }} as {{ feature }}_centroid,
    scales.{{ feature }}_low,
    scales.{{ feature }}_high,
    scales.{{ feature }}_mean,
    scales.{{ feature }}_deviation
    {%- endfor %}
from centroids
inner join scales on centroids.age = scales.age
left join {{ ref('cluster_phrases') }} as phrases on centroids.phrase = phrases.phrase
