// SPDX-License-Identifier: MIT
pragma solidity ^0.8.28;

import { IModelRegistry, ParentRef, Terms } from "../../src/interfaces/IModelRegistry.sol";
import { Parameter } from "../../src/interfaces/IProtocol.sol";
import { Earnings, ITreasury } from "../../src/interfaces/ITreasury.sol";
import { ModelId } from "../../src/lib/Types.sol";
import { ModelShares } from "../../src/money/ModelShares.sol";
import { Treasury } from "../../src/money/Treasury.sol";
import { BaseTest } from "../helpers/BaseTest.sol";

contract PayTest is BaseTest {
    function test_error_ModelUnknown(uint256 id) public {
        vm.expectRevert(abi.encodeWithSelector(IModelRegistry.ModelUnknown.selector, id));
        treasury.pay(_modelId(id), 1, MINTER);
    }

    function test_default(uint48 amount) public {
        ModelId root = _root();
        uint256 cut = uint256(amount) * 250 / 10_000;
        uint256 minterCut = uint256(amount) * 500 / 10_000;
        _fund(BUYER, address(treasury), amount);
        vm.expectEmit(address(treasury));
        emit ITreasury.Paid(root, BUYER, amount, cut, cut, minterCut, MINTER);
        vm.prank(BUYER);
        treasury.pay(root, amount, MINTER);

        vm.assertEq(usd.balanceOf(address(treasury)), amount, "the treasury holds the payment");
        vm.assertEq(treasury.credit(PROTOCOL), cut, "protocol");
        vm.assertEq(treasury.credit(PROVERS), cut, "provers");
        vm.assertEq(treasury.credit(MINTER), minterCut, "minter");
        vm.assertEq(treasury.earned(root), amount - 2 * cut - minterCut, "the rest is the model's");
        vm.assertEq(treasury.claimable(root, CREATOR), 0, "nothing has accrued");
        _accrue();
        vm.assertEq(treasury.claimable(root, CREATOR), amount - 2 * cut - minterCut, "the holder earns it to the unit");
    }

    /// What is paid in one epoch accrues evenly over the next one. A pause stops it with all other clocks.
    function test_behavior_accruesOverTheNextEpoch(uint32 second, uint32 paused) public {
        ModelId root = _root();
        _pay(root, 100e6);
        uint256 begins = (block.timestamp / 1 days + 1) * 1 days;
        vm.warp(begins - 1);
        _pay(root, 60e6);
        vm.assertEq(treasury.claimable(root, CREATOR), 0, "nothing before the next epoch");
        second = uint32(_bound(second, 0, 1 days));
        vm.warp(begins + second);
        vm.assertEq(treasury.claimable(root, CREATOR), 144e6 * uint256(second) / 1 days, "evenly");
        _pay(root, 100e6);
        vm.assertEq(treasury.claimable(root, CREATOR), 144e6 * uint256(second) / 1 days, "later payments come later");
        vm.prank(GUARDIAN);
        protocol.pause();
        vm.warp(begins + second + paused % 7 days);
        vm.assertEq(treasury.claimable(root, CREATOR), 144e6 * uint256(second) / 1 days, "nothing during a pause");
    }

    /// No payment fails for its size. What an epoch cannot spread accrues at once, and nothing is truncated.
    function test_behavior_hugePayments_P6(uint64 first, uint64 second) public {
        ModelId root = _register(CREATOR, _termsWith(3333, DERIVE | FREE_TO_DERIVE), _refs());
        ModelId child = _register(DERIVER, _termsWith(0, DERIVE), _refs(root));
        _pay(child, first);
        _pay(child, second);
        uint256 rest = _rest(first) + _rest(second);
        vm.assertEq(treasury.accrued(root) + treasury.unaccrued(root), rest * 3333, "the root's");
        vm.assertEq(treasury.accrued(child) + treasury.unaccrued(child), rest * 6667, "the child's");
        vm.assertLe(treasury.unaccrued(child), type(uint64).max, "spread");
        _accrue();
        vm.assertEq(treasury.unaccrued(child), 0, "all of it accrues");
        vm.assertEq(treasury.claim(child, DERIVER), rest * 6667 / 10_000, "paid");
    }

    function _rest(uint256 amount) private pure returns (uint256) {
        return amount - 2 * (amount * 250 / 10_000) - amount * 500 / 10_000;
    }

    /// However long nobody calls, nothing is lost.
    function test_behavior_skippedEpochs(uint8 epochs) public {
        ModelId root = _root();
        _pay(root, 100e6);
        vm.warp((block.timestamp / 1 days + 1) * 1 days);
        _pay(root, 50e6);
        vm.warp((block.timestamp / 1 days + 2 + uint256(epochs)) * 1 days);
        _pay(root, 10e6);
        Earnings memory found = treasury.earnings(root);
        vm.assertEq(found.accrued, 135e6 * 10_000, "both earlier payments accrued");
        vm.assertEq(found.pending, 9e6 * 10_000, "the last one is pending");
        vm.assertEq(treasury.earned(root), 144e6, "all of it was earned");
    }

    /// A cut that rounds to zero is not lost: the model earns it.
    function test_behavior_tinyPayments_P11(uint256 amount) public {
        amount = _bound(amount, 0, 39);
        ModelId root = _root();
        _pay(root, amount);
        _accrue();
        vm.assertEq(treasury.credit(PROTOCOL), 0, "nothing for the protocol");
        vm.assertEq(treasury.claimable(root, CREATOR), amount - amount / 20, "all but the minter's cut");
    }

    /// A thousand payments of one unit earn ancestor and shares a thousand units together.
    function test_behavior_manyTinyPayments_P12() public {
        ModelId root = _register(CREATOR, _termsWith(3333, DERIVE | FREE_TO_DERIVE), _refs());
        ModelId child = _register(DERIVER, _termsWith(1000, DERIVE | FREE_TO_DERIVE), _refs(root));
        for (uint256 i; i < 1000; ++i) {
            _pay(child, 1);
        }
        _accrue();
        vm.assertEq(treasury.claimable(root, CREATOR), 333, "333.3 rounded down once, not a thousand times");
        vm.assertEq(treasury.claimable(child, DERIVER), 666, "666.7 rounded down once");
    }

    /// A royalty is absolute: the same part of what each descendant earns, children of children included.
    function test_behavior_everyAncestorEarnsAtOnce(uint48 amount) public {
        uint16 licence = DERIVE | FREE_TO_DERIVE;
        ModelId root = _register(CREATOR, _termsWith(2000, licence), _refs());
        ModelId child = _register(DERIVER, _termsWith(1000, licence), _refs(root));
        ModelId grandchild = _register(HOLDER, _termsWith(0, licence), _refs(child));
        _pay(grandchild, amount);
        uint256 rest = uint256(amount) - 2 * (uint256(amount) * 250 / 10_000) - uint256(amount) * 500 / 10_000;
        vm.assertEq(treasury.earned(root), rest * 2000 / 10_000, "20 % for the root");
        vm.assertEq(treasury.earned(child), rest * 1000 / 10_000, "10 % for the parent");
        vm.assertEq(treasury.earned(grandchild), rest * 7000 / 10_000, "the rest for its own shareholders");
    }

    /// The cost of a payment grows with the ancestors that earn, not with the family.
    function test_behavior_gasIsIndependentOfTheFamily_P7() public {
        ModelId model = _register(CREATOR, _termsWith(500, DERIVE | FREE_TO_DERIVE), _refs());
        model = _register(CREATOR, _termsWith(0, DERIVE | FREE_TO_DERIVE), _refs(model));
        uint256 first = _gasOfPaying(model);
        for (uint256 i; i < 20; ++i) {
            model = _register(CREATOR, _termsWith(0, DERIVE | FREE_TO_DERIVE), _refs(model));
        }
        vm.assertLe(_gasOfPaying(model), first, "gas");
    }

    /// A change of the cuts counts from the next epoch on, never for what was sold before.
    function test_behavior_cutsChangeWithTheEpoch() public {
        ModelId root = _root();
        vm.prank(OWNER);
        protocol.set(Parameter.ProtocolCutBps, 500);
        _pay(root, 100e6);
        vm.assertEq(treasury.credit(PROTOCOL), 2.5e6, "this epoch's cut");
        vm.warp(block.timestamp + 1 days);
        _pay(root, 100e6);
        vm.assertEq(treasury.credit(PROTOCOL), 7.5e6, "the next epoch's cut");
    }

    /// A minter earns its cut until its bond has left, and the prover pool afterwards.
    function test_behavior_aMinterEarnsUntilItHasLeft() public {
        ModelId root = _root();
        vm.prank(MINTER);
        minterRegistry.resign();
        _pay(root, 100e6);
        vm.assertEq(treasury.credit(MINTER), 5e6, "while the bond thaws");
        vm.warp(START + THAW);
        vm.prank(MINTER);
        minterRegistry.withdrawBond();
        _fund(BUYER, address(treasury), 100e6);
        vm.expectEmit(address(treasury));
        emit ITreasury.Paid(root, BUYER, 100e6, 2.5e6, 2.5e6, 5e6, PROVERS);
        vm.prank(BUYER);
        treasury.pay(root, 100e6, MINTER);
        vm.assertEq(treasury.credit(MINTER), 5e6, "nothing more");
        vm.assertEq(treasury.credit(PROVERS), 10e6, "the prover pool earns the minter's cut");
    }

    /// A bond without an offer, or an account that never was a minter, earns nothing.
    function test_behavior_onlyAMinterEarnsTheCut(address account) public {
        vm.assume(account != MINTER && account != PROVERS);
        ModelId root = _root();
        _fund(BUYER, address(treasury), 100e6);
        vm.prank(BUYER);
        treasury.pay(root, 100e6, account);
        vm.assertEq(treasury.credit(PROVERS), 7.5e6, "the prover pool");
    }

    function _gasOfPaying(ModelId id) private returns (uint256 gasUsed) {
        _pay(id, 1);
        _fund(BUYER, address(treasury), 100e6);
        vm.prank(BUYER);
        uint256 before = gasleft();
        treasury.pay(id, 100e6, MINTER);
        return before - gasleft();
    }
}

contract PayAccountTest is BaseTest {
    /// A credit that nobody could claim is rejected.
    function test_error_AccountInvalid() public {
        address[2] memory accounts = [address(0), address(treasury)];
        for (uint256 i; i < accounts.length; ++i) {
            vm.expectRevert(abi.encodeWithSelector(ITreasury.AccountInvalid.selector, accounts[i]));
            treasury.payAccount(accounts[i], 1);
        }
    }

    function test_default(uint80 amount) public {
        _fund(BUYER, address(treasury), amount);
        vm.expectEmit(address(treasury));
        emit ITreasury.Credited(HOLDER, BUYER, amount);
        vm.prank(BUYER);
        treasury.payAccount(HOLDER, amount);
        vm.assertEq(treasury.credit(HOLDER), amount, "credit");
        vm.assertEq(usd.balanceOf(address(treasury)), amount, "money");
    }
}

contract SetMinterTest is BaseTest {
    function test_error_NotMinterRegistry(address caller) public {
        vm.assume(caller != address(minterRegistry));
        vm.expectRevert(abi.encodeWithSelector(ITreasury.NotMinterRegistry.selector, caller, address(minterRegistry)));
        vm.prank(caller);
        treasury.setMinter(STRANGER, true);
    }

    function test_default() public {
        vm.assertTrue(treasury.isMinter(MINTER), "joined");
        vm.assertFalse(treasury.isMinter(STRANGER), "nobody else");
        vm.prank(MINTER);
        minterRegistry.resign();
        vm.warp(START + THAW);
        vm.prank(MINTER);
        minterRegistry.withdrawBond();
        vm.assertFalse(treasury.isMinter(MINTER), "left");
    }
}

contract TreasuryConstructorTest is BaseTest {
    function test_error_AccountInvalid() public {
        vm.expectRevert(abi.encodeWithSelector(ITreasury.AccountInvalid.selector, address(0)));
        new Treasury(usd, registry, protocol, address(minterRegistry), address(origins), address(0), PROVERS);
        vm.expectRevert(abi.encodeWithSelector(ITreasury.AccountInvalid.selector, address(0)));
        new Treasury(usd, registry, protocol, address(minterRegistry), address(origins), PROTOCOL, address(0));
    }

    function test_default() public view {
        vm.assertEq(treasury.protocolAccount(), PROTOCOL, "protocol account");
        vm.assertEq(treasury.proverPool(), PROVERS, "prover pool");
    }
}

/// @notice The attacks on royalties and shares, and what they earn now.
contract MoneyAttackTest is BaseTest {
    address private constant ATTACKER = address(0xBAD);

    /// Attack: 20 % asked by a base becomes 0 through a shell that asks nothing, registered in between.
    /// Now the shell's children inherit what the shell owes, and the shell itself must ask what the base's floors say.
    function test_audit_07_nothingIsLaunderedThroughAShell() public {
        ModelId base = _register(CREATOR, _floored(2000, 10_000), _refs());
        ParentRef[] memory refs = _refs(base);
        vm.expectRevert(abi.encodeWithSelector(IModelRegistry.PriceBelowFloor.selector, 0, 25e6));
        _register(ATTACKER, _free(), refs);
        ModelId shell = _register(ATTACKER, _termsWith(0, DERIVE | FREE_TO_DERIVE), refs);
        ModelId product = _register(ATTACKER, _termsWith(0, DERIVE | FREE_TO_DERIVE), _refs(shell));

        _pay(product, 1000e6);
        vm.assertEq(treasury.earned(base), 180e6, "the base earns its 20 %");
        vm.assertEq(treasury.earned(product), 720e6, "the attacker earns what an honest child would");
        vm.expectRevert(abi.encodeWithSelector(IModelRegistry.FeeBelowFloor.selector, 0, 1e9));
        _setFee(product, 0);
    }

    /// Attack: borrow shares for one transaction and take what was paid before.
    /// Now everything is credited at once, and what has accrued belongs to who held the shares meanwhile.
    function test_audit_08_borrowedSharesEarnNothing() public {
        ModelId parent = _root();
        ModelId child = _register(DERIVER, _terms(), _refs(parent));
        _pay(child, 100_000e6);
        _accrue();
        _pay(child, 100_000e6);
        ModelShares shares = _shares(parent);
        vm.prank(CREATOR);
        shares.transfer(ATTACKER, 900_000e18);
        treasury.claim(parent, ATTACKER);
        vm.prank(ATTACKER);
        shares.transfer(CREATOR, 900_000e18);
        vm.assertEq(usd.balanceOf(ATTACKER), 0, "nothing for the moment of the claim");
        vm.assertEq(treasury.claim(parent, CREATOR), 9000e6, "all of it for who held the shares");
        _accrue();
        vm.assertEq(treasury.claim(parent, ATTACKER), 0, "nothing for the moment of a payment");
        vm.assertEq(treasury.claim(parent, CREATOR), 9000e6, "all of it again");
    }

    /// Attack: borrow shares over one large payment that is seen coming, and return them afterwards.
    /// Now a payment accrues over the whole next epoch: the borrower would have to hold the shares that long.
    function test_paper_08_sharesBorrowedForOneLargePayment() public {
        ModelId root = _root();
        ModelShares shares = _shares(root);
        vm.prank(CREATOR);
        shares.transfer(ATTACKER, 1_000_000e18);
        _pay(root, 1_000_000e6);
        vm.warp(block.timestamp + 1 hours);
        vm.prank(ATTACKER);
        shares.transfer(CREATOR, 1_000_000e18);
        _accrue();
        vm.assertEq(treasury.claimable(root, ATTACKER), 0, "nothing");
        vm.assertEq(treasury.claim(root, CREATOR), 900_000e6, "all of it for the lender");
    }

    /// Attack: a child fills its lineage with puppets that earn a little each, so that no ancestor has room.
    /// Now declared parents are entered first of all: a registration that does not fit reverts, and nothing is dropped.
    function test_paper_06_puppetsCannotCrowdOutAParent() public {
        ModelId base = _register(CREATOR, _floored(2000, 0), _refs());
        uint16 licence = DERIVE | FREE_TO_DERIVE;
        ModelId puppets = _register(ATTACKER, _termsWith(1, licence), _refs());
        for (uint256 i; i < 15; ++i) {
            puppets = _register(ATTACKER, _termsWith(1, licence), _refs(puppets));
        }
        vm.assertEq(registry.lineage(puppets).length, 15, "15 puppets, and itself");
        ParentRef[] memory refs = _refs(puppets, base);
        vm.expectRevert(abi.encodeWithSelector(IModelRegistry.TooManyAncestors.selector, 17, 16));
        _register(ATTACKER, _terms(), refs);
    }

    function _floored(uint16 royaltyBps, uint16 floorBps) private pure returns (Terms memory terms) {
        terms = _termsWith(royaltyBps, DERIVE | FREE_TO_DERIVE);
        terms.floorBps = floorBps;
    }

    function _free() private pure returns (Terms memory terms) {
        terms = _termsWith(0, DERIVE | FREE_TO_DERIVE);
        (terms.price, terms.collateral, terms.fee) = (0, 0, 0);
    }

    function _setFee(ModelId id, uint64 fee) private {
        Terms memory terms = _termsWith(0, DERIVE | FREE_TO_DERIVE);
        terms.fee = fee;
        vm.prank(ATTACKER);
        registry.setTerms(id, terms);
    }
}
