import numpy as np,time,datetime as d
from scipy.stats import nbinom
from exp5 import events,factors
z=np.load('w20.npz'); D,S=z['D'],z['S']; n,T=D.shape; W=T//7; first=d.date(2023,7,3)
rng=np.random.default_rng(0); prod=np.array([int(x[-5:]) for x in z['k']]); lead=rng.integers(1,15,40)[prod%40]
names,M=events(first,W); Y=S.reshape(n,W,7).sum(2)   # sold only: what the retailer sees
empty=S<D
START=78
# done: the world's own rule, full stock from usual sales, instant fill, outages as they were
usual=S.mean(1); full=np.ceil(usual*14+12); shelf=full-2; tot=0; lost=0; dem=0; fills=0
for t in range(T):
    s=np.minimum(S[:,t],shelf); shelf=shelf-s; f=shelf<full//4; fills+=(f.sum() if t>=START*7 else 0); shelf=np.where(f,full,shelf); shelf=np.where(empty[:,t],0,shelf)
    if t>=START*7: tot+=shelf.sum(); lost+=(D[:,t]-S[:,t]).sum(); dem+=D[:,t].sum()
days=T-START*7; print(f'done: mean stock {tot/days/n:.2f} units a series, fill {1-lost/dem:.4f}, fills a week {fills/days*7/n:.3f}; days of cover {tot/days/(dem/days):.0f}')
def sim(p,R,a=.05,outage=True,minorder=1,phi=2.5):
    stock=np.round(full/2).astype(float); pipe=np.zeros((n,T+40),np.float32); on_order=np.zeros(n); tot=lost=dem=orders=0; up=stock.copy()
    w=0;
    for t in range(START*7,T):
        k=t//7
        stock+=pipe[:,t]; on_order-=pipe[:,t]
        if (t-START*7)%R==0:
            if t%7==0 or up is None:
                g=factors_cache.setdefault(k,factors(S.sum(0),M,k,4)); q=Y[:,:k]/g[:k]; wt=(1-a)**np.arange(k-1,-1,-1); m=q@wt/wt.sum()
                ahead=np.array([g[k:k+3].mean()]); 
                mu=np.maximum(m*ahead*(R+lead)/7,.01); r=mu/(phi-1); up=nbinom.ppf(p,r,1/phi)
            o=np.maximum(up-stock-on_order,0); o=np.where(o>=minorder,o,0); pipe[np.arange(n),t+lead]+=o; on_order+=o; orders+=(o>0).sum()
        avail=np.where(empty[:,t]&outage,0,stock); s=np.minimum(D[:,t],avail); stock-=s; lost+=(D[:,t]-s).sum(); dem+=D[:,t].sum(); tot+=stock.sum()
    print(f'p {p} R {R} outage {outage} min {minorder}: mean stock {tot/days/n:.2f} fill {1-lost/dem:.4f} orders a week {orders/days*7/n:.3f}',flush=True)
factors_cache={}
t0=time.time()
for a in ((.95,7),(.98,7),(.99,7),(.995,7)): sim(*a); 
sim(.98,7,outage=False); sim(.995,7,outage=False); sim(.98,1,outage=False); print(round(time.time()-t0,1))
