
    

    create  table
      "warehouse"."main"."quarantine__dbt_tmp"
  
    
    as (
      
select
    'sales' as entity,
    source_system,
    sale_id as entity_key,
    reason_code,
    _file as file,
    _line as line,
    cast(to_json(struct_pack(source_system := source_system, sale_id := sale_id, amount := amount, sold_on := sold_on)) as string) as delivered_row
from "warehouse"."main"."int_sales_validated"
where row_status = 'quarantined'

    );
    
  