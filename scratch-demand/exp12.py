exec(open('exp11.py').read().split('factors_cache={}')[0].split("# done:")[0])
from scipy.stats import nbinom
factors_cache={}; usual=S.mean(1); VAL=1
def base(full_days,plus,share):
    full=np.ceil(usual*full_days+plus); stock=full.astype(float)*.7; pipe=np.zeros((n,T+40),np.float32); oo=np.zeros(n); tot=lost=dem=orders=0
    for t in range((START-12)*7,T):
        stock+=pipe[:,t]; oo-=pipe[:,t]
        o=np.where(stock+oo<full*share,full-stock-oo,0); pipe[np.arange(n),t+lead]+=o; oo+=o
        s=np.minimum(D[:,t],stock); stock-=s
        if t>=START*7: lost+=(D[:,t]-s).sum(); dem+=D[:,t].sum(); tot+=stock.sum(); orders+=(o>0).sum()
    print(f'base {full_days}d+{plus} reorder at {share}: mean stock {tot/(T-START*7)/n:.2f} fill {1-lost/dem:.4f} orders a week {orders/(T-START*7)*7/n:.3f}',flush=True)
def ours(p,R=7,a=.05,scale=True,batch=0):
    stock=np.ceil(usual*14+12)*.7; pipe=np.zeros((n,T+40),np.float32); oo=np.zeros(n); tot=lost=dem=orders=0
    for t in range((START-12)*7,T):
        k=t//7; stock+=pipe[:,t]; oo-=pipe[:,t]
        if t%7==0:
            if k not in factors_cache: factors_cache[k]=factors(S.sum(0),M,k,4)
            g=factors_cache[k]; q=Y[:,:k]/g[:k]; wt=(1-a)**np.arange(k-1,-1,-1); m=q@wt/wt.sum(); v=((q-m[:,None])**2)@wt/wt.sum()
            b=np.searchsorted([.2,.4,.8,1.6,3.2],m); phi=np.array([max(v[b==i].mean()/max(m[b==i].mean(),1e-6),1.2) if (b==i).any() else 2 for i in range(6)])[b]
            mu=np.maximum(m*g[k:k+3].mean()*(R+lead)/7,.02); s_=nbinom.ppf(p,mu/(phi-1),1/phi); S_=s_+batch*m
        if (t%R)==0:
            o=np.where(stock+oo<=s_-(0 if batch==0 else 0),np.maximum(S_-stock-oo,0),0); o=np.ceil(o); pipe[np.arange(n),t+lead]+=o; oo+=o
        else: o=np.zeros(1)
        s=np.minimum(D[:,t],stock); stock-=s
        if t>=START*7: lost+=(D[:,t]-s).sum(); dem+=D[:,t].sum(); tot+=stock.sum(); orders+=(o>0).sum()
    print(f'ours p {p} R {R} batch {batch}w: mean stock {tot/(T-START*7)/n:.2f} fill {1-lost/dem:.4f} orders a week {orders/(T-START*7)*7/n:.3f}',flush=True)
base(14,12,.25); base(14,12,.5); base(28,12,.5)
for p in (.98,.99,.995,.999): ours(p)
ours(.99,1); ours(.995,1); ours(.99,1,batch=2); ours(.98,1,batch=4)
