import numpy as np,time,sys
H=8
def ew(Y,a,first):
    """exponentially weighted sum and weight since first sale/first week (col vectors)"""
    T=Y.shape[1]; w=(1-a)**np.arange(T-1,-1,-1).astype(np.float32)
    S=Y@w; cw=np.cumsum(w[::-1])[::-1]; W=cw[first]; return S,W
def go(n,origins,least):
    z=np.load(f'{n}.npz'); Y=z['product_store']; k=z['product_store_k']
    pp=np.array([x.split('|')[0] for x in k]); ss=np.array([x.split('|')[1] for x in k])
    prod,pi=np.unique(pp,return_inverse=True); store,si=np.unique(ss,return_inverse=True)
    cat=dict(zip(z['prod'],z['cat'])); c=np.array([cat[p] for p in prod]); cats,ci=np.unique(c,return_inverse=True); ci=ci[pi]
    acc={}
    for o in origins:
        past=Y[:,:o]; fut=Y[:,o:o+H]
        seen=(past>0).any(1); past=past[seen];fut=fut[seen]; p,s,q=pi[seen],si[seen],ci[seen]
        first=(past>0).argmax(1); nz=(past>0).sum(1)
        prodY=np.zeros((len(prod),o),np.float32); np.add.at(prodY,p,past)
        catY=np.zeros((len(cats),o),np.float32); np.add.at(catY,q,past)
        storeY=np.zeros((len(store),o),np.float32); np.add.at(storeY,s,past)
        cs=np.zeros((len(cats),len(store)),np.float32)
        F={}
        for a in (.05,.1,.2):
            S,W=ew(past,a,first); F[f'own{a}']=S/W
            for K in (4,8,16):
              # prior: product's rate × the share of the store in its category (own totals)
              for a2 in (.1,.2):
                PS,_=ew(prodY,a2,np.zeros(len(prod),int)); w2=(1-(1-a2)**o)/a2; pr=PS/w2
                CS=np.zeros((len(cats),len(store)),np.float32); S1,_=ew(past,.02,np.zeros(len(past),int)); np.add.at(CS,(q,s),S1)
                share=CS[q,s]/CS.sum(1)[q]
                # prod's stores only: normalise the share over the stores that have sold it
                norm=np.zeros(len(prod),np.float32); np.add.at(norm,p,share)
                prior=pr[p]*share/norm[p]
                F[f'shr{a}/{K}/{a2}']=(S+K*prior)/(W+K)
                if a==.05 and K==8: F[f'prior{a2}']=prior
        F['mean4']=past[:,-4:].mean(1); F['all']=past.sum(1)/(o-first)
        if o>=13: F['mean13']=past[:,-13:].mean(1)
        ok=nz>=least
        for name,f in F.items():
            f=f[:,None]; e=f-fut
            acc.setdefault(name,[]).append([ (e**2).sum(),e.size,np.abs(e).sum(),fut.sum(),e.sum(),np.abs(e.sum(1)).sum(), (e[ok]**2).sum(),e[ok].size,np.abs(e[ok]).sum(),fut[ok].sum(),e[ok].sum(),np.abs(e[ok].sum(1)).sum()])
            # bottom-up to product and category
            b=np.zeros(len(prod)); np.add.at(b,p,f[:,0]); fp=np.zeros((len(prod),H)); np.add.at(fp,p,fut)
            bc=np.zeros(len(cats)); np.add.at(bc,q,f[:,0]); fc=np.zeros((len(cats),H)); np.add.at(fc,q,fut)
            acc[name][-1]+= [np.abs(b[:,None]-fp).sum(),fp.sum(),np.abs(bc[:,None]-fc).sum(),fc.sum()]
    print('==',n,len(Y))
    for name,v in sorted(acc.items(),key=lambda kv:sum(x[6] for x in kv[1])):
        v=np.array(v).sum(0); print(f'{name:16s} ALL rmse {np.sqrt(v[0]/v[1]):.4f} wape {v[2]/v[3]:.3f} bias {v[4]/v[3]:+.3f} sum8 {v[5]/v[3]:.3f} | >={least}: rmse {np.sqrt(v[6]/v[7]):.4f} wape {v[8]/v[9]:.3f} bias {v[10]/v[9]:+.3f} sum8 {v[11]/v[9]:.3f} | up: product {v[12]/v[13]:.4f} category {v[14]/v[15]:.4f}')
go('world',[72,80,88,96],4)
go('complete_journey',[36,44],4)
