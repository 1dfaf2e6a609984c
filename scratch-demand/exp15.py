# a stand-in of the noise floor: who knew the level around each week (the week itself left out) and the festivals' factors from all data
from exp8 import *
for n,origins in (('w20',range(112,149,6)),('world',range(72,97,4))):
    Y,prod,store,cat,daily,first=build(n); W=Y.shape[1]; names,M=events(first,W); g=factors(daily,M,W,4)
    YC,YP,pp,YL,lp,a,b=nodes(Y,prod,store,cat,W-8)
    for L,A in (('category',YC),('product',YP),('leaf',YL)):
        q=A/g; res=[]
        for R in (6,13,26,52):
            num=den=0
            for o in origins:
                for t in range(o,min(o+8,W)):
                    lo,hi=max(0,t-R),min(W,t+R+1); f=(q[:,lo:hi].sum(1)-q[:,t])/(hi-lo-1)*g[t]; num+=np.abs(f-A[:,t]).sum(); den+=A[:,t].sum()
            res.append(round(num/den,4))
        print(n,L,'floor by half-width 6,13,26,52:',res)
