import duckdb,numpy as np,sys,time
def panel(n):
    c=duckdb.connect(f'BASE16/{n}/warehouse.duckdb',read_only=True); c.execute("set threads=1")
    first,weeks=('2017-01-02',52) if n=='complete_journey' else ('2024-07-01',104)
    excl = "and category not in ('COUPON/MISC ITEMS','FUEL')" if n=='complete_journey' else ''
    t=time.time()
    c.execute(f"""create temp table s as select l.product_id, coalesce(l.store_id,'online') store_id, coalesce(p.category,'?') category,
       cast(floor((l.ordered_on-date '{first}')/7) as int) w, cast(sum(l.quantity) as double) q, sum(l.sales_amount)::double amount
       from marts.order_lines l join marts.orders o using(order_id) join marts.products p on p.product_id=l.product_id
       where l.quantity>0 and o.is_purchase and l.quantity<200 and l.ordered_on>='{first}' {excl} group by all having w<{weeks} and w>=0""")
    out={}
    for level,key in (('category','category'),('product','product_id'),('product_store',"product_id||'|'||store_id")):
        r=c.execute(f"select {key} k,w,sum(q) q,sum(amount) a from s group by all order by 1,2").fetchnumpy()
        k,inv=np.unique(r['k'].astype(str),return_inverse=True)
        Y=np.zeros((len(k),weeks),dtype=np.float32); Y[inv,r['w']]=r['q']
        A=np.zeros(len(k)); np.add.at(A,inv,r['a'])
        out[level]=Y; out[level+'_k']=k; out[level+'_price']=A/Y.sum(1)
    prod=c.execute("select distinct product_id,category from s order by 1").fetchnumpy()
    out['prod']=prod['product_id'].astype(str); out['cat']=prod['category'].astype(str)
    np.savez(f'{n}.npz',**out); print(n,{k:v.shape for k,v in out.items()},time.time()-t)
for n in ('world','complete_journey'): panel(n)
