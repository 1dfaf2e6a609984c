from exp8 import *
import warnings; warnings.filterwarnings('ignore')
M2={**METH,'mix3':lambda Y:(Y[:,-4:].mean(1)+wmean(Y,.05)+wmean(Y,.2))/3,'mixa':lambda Y:(wmean(Y,.02)+wmean(Y,.1)+wmean(Y,.3))/3}
TH=float(sys.argv[1])
BIN=np.array([.25,.5,1,2,4,8,16,32,128])
def go(n,origins,score_from):
    Y,prod,store,cat,daily,first=build(n); W=Y.shape[1]
    names,M=(events(first,W) if daily is not None else (None,None))
    E={} # (o,L,K,m)-> (H,2) abs,sq
    R=[] # residual pool: dict per o,L: F, fut, kind
    out={};cov={}
    for o in origins:
        YC,YP,pp,YL,lp,np_,nb=nodes(Y,prod,store,cat,o)
        w=factors(daily,M,o,4)[:o+H] if daily is not None else np.ones(o+H); g=w[o:o+H]
        lev={'category':YC,'product':YP,'leaf':YL}; best={}; V={}; fut={}; KD={}; B={}; ch={}
        for L,A in lev.items():
            q=A[:,:o]/w[:o]; B[L]={m:f(q) for m,f in M2.items()}; fut[L]=A[:,o:o+H]; kd=KD[L]=kind(A[:,:o]); best[L]=np.zeros(len(kd)); V[L]=np.zeros(len(kd))
            for K in ('regular','intermittent','new'):
                s=kd==K
                tot={}
                for oo in origins:
                    if oo>=o: break
                    for m in M2:
                        e=E.get((oo,L,K,m)); 
                        if e is not None:
                            hh=min(H,o-oo); tot[m]=tot.get(m,0)+e[:hh].sum(0)*.93**(o-oo)
                i_=0 if L!='leaf' else 1; m=min(tot,key=lambda x:tot[x][i_]) if tot else 'mix3'; m=m if not tot or tot[m][i_]<TH*tot['mix3'][i_] else 'mix3'
                ch[L,K]=m; best[L][s]=B[L][m][s]; V[L][s]=(tot[m][1]/tot[m][2] if tot else 2)*np.maximum(best[L][s],.02)
        c,p,l=best['category'],best['product'],best['leaf']
        # top-down
        S=np.zeros(len(c)); np.add.at(S,pp,p); p2=p*np.where(S>0,c/np.where(S>0,S,1),1)[pp]
        S=np.zeros(len(p)); np.add.at(S,lp,l); l2=l*np.where(S>0,p2/np.where(S>0,S,1),1)[lp]
        wl=reconcile(c,p,pp,l,lp,V['category'],V['product'],V['leaf'])
        rec={'td':{'category':c,'product':p2,'leaf':l2},'wls':dict(zip(('category','product','leaf'),wl))}
        # bottom-up
        b2=np.zeros(len(p)); np.add.at(b2,lp,l); isr=np.ones(len(p),bool); isr[np.unique(lp)]=False; b2[isr]=p[isr]; b1=np.zeros(len(c)); np.add.at(b1,pp,b2)
        rec['bu']={'category':b1,'product':b2,'leaf':l}
        for L in lev:
            for m in [*M2,'best','td','wls','bu']:
                f=rec[m][L] if m in rec else best[L] if m=='best' else B[L][m]; F=f[:,None]*g; e=F-fut[L]
                if o>=score_from and o+H<=W: out.setdefault((L,m),[]).append((np.abs(e).sum(),(e**2).sum(),fut[L].sum(),e.sum(),e.size,np.abs(e.sum(1)).sum()))
                if m in M2:
                    for K in ('regular','intermittent','new'):
                        s=KD[L]==K
                        if s.any(): E[o,L,K,m]=np.stack([np.abs(e[s]).sum(0),(e[s]**2).sum(0),np.full(H,F[s].sum()/H)],1)
            # intervals of the td forecast
            F=np.maximum(rec['td'][L][:,None]*g,.02); z=(fut[L]-F)/np.sqrt(F); bi=np.searchsorted(BIN,F)
            if o>=score_from:
                for b in range(len(BIN)+1):
                    past=[zz[:, :min(H,o-oo)][bb[:, :min(H,o-oo)]==b] for oo,LL,zz,bb in R if LL==L]
                    past=np.concatenate(past) if past else np.array([])
                    s=bi==b
                    if len(past)<200: # neighbours of the bins
                        past=np.concatenate([zz[:, :min(H,o-oo)][np.abs(bb[:, :min(H,o-oo)]-b)<=2] for oo,LL,zz,bb in R if LL==L] or [np.array([0.])])
                    if s.any() and len(past)>50:
                        a,c9=np.quantile(past,[.1,.9]); f=F[s]; y=fut[L][s]; lo=np.maximum(f+a*np.sqrt(f),0); hi=np.maximum(f+c9*np.sqrt(f),0)
                        cv=cov.setdefault((L,b),np.zeros(5)); lo_=np.floor(lo);hi_=np.ceil(hi)
                        cv+=[s.sum(),((y>=lo)&(y<=hi)).sum(),((y>=lo_)&(y<=hi_)).sum(),(hi-lo).sum(),f.sum()]
            R.append((o,L,z,bi))
    print('==',n,'chosen at last',ch)
    for (L,m),v in sorted(out.items(),key=lambda kv:(kv[0][0],sum(x[0] for x in kv[1]))):
        s=np.array(v).sum(0); print(f'{n:8s} {L:9s} {m:7s} wape {s[0]/s[2]:.4f} rmse {np.sqrt(s[1]/s[4]):.4f} bias {s[3]/s[2]:+.3f} sum8 {s[5]/s[2]:.4f}')
    for L in ('category','product','leaf'):
        t=sum(v for k,v in cov.items() if k[0]==L); print(L,'coverage',round(t[1]/t[0],3),'integer',round(t[2]/t[0],3),{f'{BIN[b-1] if b else 0}-':(int(v[0]),round(v[1]/v[0],3),round(v[2]/v[0],3)) for (LL,b),v in sorted(cov.items()) if LL==L})
go('w20',list(range(78,149,6)),112)
go('world',list(range(48,97,4)),72)
go('complete_journey',list(range(20,45,4)),32)
