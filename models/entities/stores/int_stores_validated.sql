with delivered as (

    select * from {{ ref('int_stores_delivered') }}

),

validated as (

    select
        delivered.*,
        case when store_id is null then 'key_missing' end as reason_code
    from delivered

),

{{ deduplicated('validated', 'stores', 'store_id') }}

select * from deduplicated
