with judgements as (

    select * from {{ ref('int_identity_judgements') }}

),

links as (

    select
        account_id,
        other_account_id,
        link_type,
        identifier_types,
        match_weight
    from judgements
    where refusal_reason is null

)

select * from links
