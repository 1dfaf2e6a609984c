with validated as (

    select
        delivered.*,
        case {{ refuse_key('store_id') }} end as reason_code
    from {{ ref('int_stores_delivered') }} as delivered

),

{{ deduplicated('validated', 'stores', 'store_id') }}

select * from deduplicated
