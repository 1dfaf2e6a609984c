with proof as (

    select * from {{ ref('identity_proof') }}

),

measured as (

    select
        dataset,
        identifiers,
        method,

        threshold,
        precision,
        recall,
        f1,
        largest_cluster
    from proof

)

select * from measured
