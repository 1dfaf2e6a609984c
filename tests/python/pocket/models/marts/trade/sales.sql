select sale_id, sold_on, amount
from {{ accepted('sales') }} as sales
