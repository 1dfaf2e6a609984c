select category, price_response, elasticity, elasticity_low, elasticity_high, moved_product_count, product_count, quantity
from marts.category_price_elasticity
order by elasticity nulls last, category
