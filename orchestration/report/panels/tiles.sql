select
    customer_count as customers,
    active_buyer_count as active_buyers,
    net_amount as net_revenue,
    average_order_amount as average_order,
    repeat_share,
    at_risk_customer_count as at_risk_customers,
    at_risk_spend_amount as at_risk_amount,
    at_risk_spend_share as at_risk_share
from marts.key_figures
