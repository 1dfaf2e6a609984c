# the whole: nodes with remainders, festival factors, weighted means by level and kind, tree reconciliation, quantiles
import numpy as np,sys,duckdb,datetime as d,time
from exp5 import events,factors
H=8
def build(n):
    if n=='w20':
        z=np.load('w20.npz'); D=z['D']; k=z['k']; W=D.shape[1]//7; Y=D.reshape(len(k),W,7).sum(2); daily=D.sum(0)
        prod=np.array([x.split('|')[1] for x in k]); cat=np.array([str(int(x[-5:])%10) for x in prod]); store=np.array([x.split('|')[0] for x in k]); first=d.date(2023,7,3)
    else:
        z=np.load(f'{n}.npz'); Y=z['product_store']; k=z['product_store_k']; prod=np.array([x.split('|')[0] for x in k]); store=np.array([x.split('|')[1] for x in k])
        cd=dict(zip(z['prod'],z['cat'])); cat=np.array([cd[p] for p in prod]); first=d.date(2024,7,1) if n=='world' else d.date(2017,1,2)
        daily=None
        if n=='world':
            c=duckdb.connect('BASE16/world/warehouse.duckdb',read_only=True); c.execute('set threads=1')
            r=c.execute("select l.ordered_on-date '2024-07-01' dd,sum(l.quantity)::double q from marts.order_lines l join marts.orders o using(order_id) where is_purchase and l.quantity>0 and l.quantity<200 group by 1").fetchnumpy()
            daily=np.zeros(740); daily[r['dd']]=r['q']; daily=daily[:728]
    return Y.astype(np.float32),prod,store,cat,daily,first
def nodes(Y,prod,store,cat,o,least=8,window=52):
    """bottom: product×store with >= least weeks of sale within the window; the product's rest; the category's rest"""
    past=Y[:,max(0,o-window):o]; act=(past>0).sum(1)
    P,pi=np.unique(prod,return_inverse=True); pc=np.empty(len(P),object); pc[pi]=cat
    C,pci=np.unique(pc.astype(str),return_inverse=True)
    YP=np.zeros((len(P),Y.shape[1]),np.float32); np.add.at(YP,pi,Y)
    pact=(YP[:,max(0,o-window):o]>0).sum(1)>=least
    own=(act>=least)&pact[pi]
    B=Y[own]; bparent=pi[own]
    rest=YP.copy(); np.subtract.at(rest,bparent,B); 
    YC=np.zeros((len(C),Y.shape[1]),np.float32); np.add.at(YC,pci,YP)
    crest=YC.copy(); np.subtract.at(crest,pci[pact],YP[pact])
    # levels: category; product (kept) + category rest; leaf = product×store + product rest
    keep=np.flatnonzero(pact); new=-np.ones(len(P),int); new[keep]=np.arange(len(keep))
    prodY=np.vstack([YP[keep],crest]); prod_parent=np.r_[pci[keep],np.arange(len(C))]
    leafY=np.vstack([B,rest[keep]]); leaf_parent=np.r_[new[bparent],np.arange(len(keep))]
    return YC,prodY,prod_parent,leafY,leaf_parent,len(keep),len(B)
def wmean(Y,a):
    T=Y.shape[1]; w=(1-a)**np.arange(T-1,-1,-1); f=np.where((Y>0).any(1),(Y>0).argmax(1),0)
    cw=np.cumsum(w[::-1])[::-1]; return (Y@w)/np.maximum(cw[f],w[-1])
METH={'mean4':lambda Y:Y[:,-4:].mean(1),'mean13':lambda Y:Y[:,-13:].mean(1),**{f'w{a}':(lambda Y,a=a:wmean(Y,a)) for a in (0,.02,.05,.1,.2,.3)}}
def kind(Y):
    T=Y.shape[1]; nz=(Y[:,-52:]>0).sum(1); n=np.minimum(T-np.where((Y>0).any(1),(Y>0).argmax(1),T-1),52)
    adi=n/np.maximum(nz,1); return np.where(n<13,'new',np.where(adi<1.32,'regular','intermittent'))
def reconcile(c,p,pp,l,lp,vc,vp,vl):
    nP=len(p); nC=len(c)
    S=np.zeros(nP); np.add.at(S,lp,l); VS=np.zeros(nP); np.add.at(VS,lp,vl)
    has=VS>0
    wgt=np.where(has,1/vp+1/np.where(has,VS,1),1/vp); p1=np.where(has,(p/vp+S/np.where(has,VS,1))/wgt,p); v1=1/wgt
    S2=np.zeros(nC); np.add.at(S2,pp,p1); V2=np.zeros(nC); np.add.at(V2,pp,v1)
    c1=(c/vc+S2/V2)/(1/vc+1/V2)
    # proportional to variance which is proportional to the mean: stays >= 0
    p2=p1+v1/V2[pp]*(c1-S2)[pp]; p2=np.maximum(p2,0); S2=np.zeros(nC); np.add.at(S2,pp,p2); p2=p2*np.where(S2>0,c1/np.where(S2>0,S2,1),1)[pp]
    l2=l+vl/np.where(has,VS,1)[lp]*(p2-S)[lp]; l2=np.maximum(l2,0); S3=np.zeros(nP); np.add.at(S3,lp,l2); l2=l2*np.where(S3>0,p2/np.where(S3>0,S3,1),1)[lp]
    return c1,p2,l2
def go(n,origins,learn):
    Y,prod,store,cat,daily,first=build(n); W=Y.shape[1]
    names,M=(events(first,W) if daily is not None else (None,None))
    out={}
    for tag in (('plain','fest') if daily is not None else ('plain',)):
      hist={}
      for o in origins:
        t0=time.perf_counter()
        YC,YP,pp,YL,lp,np_,nb=nodes(Y,prod,store,cat,o)
        w=factors(daily,M,o,4)[:o+H] if tag=='fest' else np.ones(o+H)
        lev={'category':YC,'product':YP,'leaf':YL}; base={};fut={}
        for L,A in lev.items():
            q=A[:,:o]/w[:o]; base[L]={m:f(q) for m,f in METH.items()}; fut[L]=A[:,o:o+H]; kd=kind(A[:,:o])
            base[L]['kind']=kd
        # choose by level and kind on the earlier origins (sum of abs error for category/product, squared for leaf), first origin: w0.1
        ch={};phi={}
        for L in lev:
            kd=base[L]['kind']; f=np.zeros(len(kd)); v=np.zeros(len(kd))
            for K in ('regular','intermittent','new'):
                s=kd==K; h=hist.get((L,K))
                m=min(h,key=lambda x:h[x][1 if L=='leaf' else 0]) if h else 'w0.1'
                ch[L,K]=m; f[s]=base[L][m][s]; ph=(h[m][1]/max(h[m][2],1e-9)) if h else 2.0; phi[L,K]=ph
                v[s]=ph*np.maximum(f[s],.02)
            base[L]['best']=f; base[L]['v']=v
        c,p,l=reconcile(base['category']['best'],base['product']['best'],pp,base['leaf']['best'],lp,base['category']['v'],base['product']['v'],base['leaf']['v'])
        rec={'category':c,'product':p,'leaf':l}
        for L in lev:
            kd=base[L]['kind']
            g=w[o:o+H]
            for m in [*METH,'best','rec']:
                F=(rec[L] if m=='rec' else base[L][m])[:,None]*g; e=F-fut[L]
                if True:
                    if o not in origins[:learn]: out.setdefault((tag,L,m),[]).append((np.abs(e).sum(),(e**2).sum(),fut[L].sum(),e.sum(),e.size,np.abs(e.sum(1)).sum()))
                for K in ('regular','intermittent','new'):
                    s=kd==K
                    if m in METH and s.any():
                        h=hist.setdefault((L,K),{}).setdefault(m,np.zeros(3)); h+=[np.abs(e[s]).sum(),(e[s]**2).sum(),F[s].sum()]
        if o==origins[-1]: print(n,tag,'nodes',{L:len(A) for L,A in lev.items()},'kept stores',nb,'kinds',{L:dict(zip(*np.unique(base[L]['kind'],return_counts=True))) for L in lev},'chosen',ch,'sec',round(time.perf_counter()-t0,2))
    for (tag,L,m),v in sorted(out.items(),key=lambda kv:(kv[0][1],sum(x[0] for x in kv[1]))):
        s=np.array(v).sum(0); print(f'{n:8s} {L:9s} {tag:5s} {m:7s} wape {s[0]/s[2]:.4f} rmse {np.sqrt(s[1]/s[4]):.4f} bias {s[3]/s[2]:+.3f} sum8 {s[5]/s[2]:.4f}')
if __name__=='__main__':
    for n,o in (('world',[56,64,72,80,88,96]),('w20',[108,116,124,132,140,148]),('complete_journey',[28,32,36,40,44])):
        if len(sys.argv)<2 or n in sys.argv[1:]: go(n,o,2)
