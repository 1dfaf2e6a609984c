select {{ "cast('" ~ var('as_of_date') ~ "' as date)" if var('as_of_date') else "cast(max(sold_on) + interval '1' day as date)" }} as as_of_date, true as is_latest
from {{ accepted('sales') }} as sales
