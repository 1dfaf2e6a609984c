-- What went wrong before the inactivity, and what was not followed by another purchase: it came on the day
-- of the last purchase or within cause_days after it.
select
    churned_customers.customer_id,
    experiences.evidence,
    max(experiences.evidence_value) as evidence_value
from {{ ref('int_churned_customers') }} as churned_customers
inner join {{ ref('int_experiences') }} as experiences
    on churned_customers.customer_id = experiences.customer_id
    and experiences.happened_on >= churned_customers.last_purchase_on
    and experiences.happened_on <= churned_customers.last_purchase_on + {{ var('cause_days') }}
    and experiences.happened_on < churned_customers.as_of_date
group by churned_customers.customer_id, experiences.evidence
